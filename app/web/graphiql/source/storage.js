// The browser's storage without headers: they hold tokens. GraphiQL's history keeps them whatever it is told.
const HEADERS = /(^|:)headers$/;

export const storage = {
  get length() {
    return localStorage.length;
  },
  clear: () => localStorage.clear(),
  getItem: (key) => localStorage.getItem(key),
  removeItem: (key) => localStorage.removeItem(key),
  setItem: (key, value) => {
    if (!HEADERS.test(key)) localStorage.setItem(key, withoutHeaders(value));
  },
};

function withoutHeaders(value) {
  try {
    return JSON.stringify(JSON.parse(value, (name, inner) => (name === "headers" ? undefined : inner)));
  } catch {
    return value; // no JSON: the text of a query
  }
}
