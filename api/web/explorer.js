// What may live here: starting the explorer that graphiql.js brings, with its workers from our own host.

const WORKERS = { editorWorkerService: "editor.worker.js", json: "json.worker.js", graphql: "graphql.worker.js" };
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => `/explorer/${WORKERS[label]}` };

const QUERY = `# Pithead 井口. Sign in first, then put the token below, under Headers, as
#   { "Authorization": "Bearer …" }
# "make run" prints the sample sign-ins. Subscriptions run here, too.

query Health {
  health { status version time }
}

mutation SignIn {
  signIn(input: { login: "", password: "" }) {
    session { accessToken }
    problem { code message }
  }
}

query Who {
  viewer { account { name } }
}

query Changes {
  changes(first: 20) {
    edges { node { kind subject position at } }
    pageInfo { endCursor hasNextPage }
  }
}

subscription Follow {
  changed { position cursor }
}
`;

self.YogaGraphiQL.renderYogaGraphiQL(document.querySelector("#root"), {
  title: "Pithead GraphQL",
  endpoint: "/graphql",
  subscriptionsProtocol: "SSE",
  defaultQuery: QUERY,
  headers: '{ "Accept-Language": "en" }',
  // A token that stays in the browser's storage outlives its reader.
  shouldPersistHeaders: false,
});
