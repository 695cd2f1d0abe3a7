// Looks at the request headers as they came. Before version 1.23, nginx's own variables ($http_apikey) hold only the first
// of two headers with the same name.

const ONCE = ['apikey', 'bundlekey', 'service'];

// "yes" if each of these headers is there at most once.
function single(r) {
    const seen = {};
    let answer = 'yes';
    r.rawHeadersIn.forEach((header) => {
        const name = header[0].toLowerCase();
        if (ONCE.indexOf(name) >= 0 && seen[name]) {
            answer = 'no';
        }
        seen[name] = true;
    });
    return answer;
}

export default { single };
