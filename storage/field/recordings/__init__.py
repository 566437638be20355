"""Recordings (执法全过程记录): what is filmed and photographed in one inspection."""
