//! Isolates names inside sentences. A name may run from right to left. If the name is not isolated, the Unicode bidirectional
//! algorithm lets it reorder the words and dates beside it.

use super::boxed::BoxedView;
use leptos::prelude::*;

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

/// Isolates a name as part of a plain text. The function removes isolate characters from the name, because they would end the
/// isolation early.
pub(crate) fn isolate(name: &str) -> String {
    let name: String = name.chars().filter(|character| !is_isolate(*character)).collect();
    format!("{FIRST_STRONG_ISOLATE}{name}{POP_DIRECTIONAL_ISOLATE}")
}

const fn is_isolate(character: char) -> bool {
    matches!(character, '\u{2066}'..='\u{2069}')
}

/// Isolates a name as an element.
pub(crate) fn name(name: &str) -> AnyView {
    view! { <bdi>{name.to_owned()}</bdi> }.boxed()
}

/// Turns a text with isolated names into elements, one element for each name. So a style sheet can break a long name, and a
/// reader who copies the text gets no invisible characters.
pub(crate) fn sentence(text: &str) -> AnyView {
    let parts = parts(text).into_iter().map(|part| match part {
        Part::Text(text) => text.to_owned().boxed(),
        Part::Name(text) => name(text),
    });
    parts.collect_view().boxed()
}

#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Text(&'a str),
    Name(&'a str),
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut sections = text.split(FIRST_STRONG_ISOLATE);
    let mut parts = vec![Part::Text(sections.next().unwrap_or_default())];
    for section in sections {
        let (name, rest) = section.split_once(POP_DIRECTIONAL_ISOLATE).unwrap_or((section, ""));
        parts.extend([Part::Name(name), Part::Text(rest)]);
    }
    parts.retain(|part| *part != Part::Text(""));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_the_words_around_them() {
        let text = format!("{} was removed by {}.", isolate("محمد علي"), isolate("Ada"));
        assert_eq!(
            parts(&text),
            [Part::Name("محمد علي"), Part::Text(" was removed by "), Part::Name("Ada"), Part::Text(".")]
        );
        assert_eq!(parts("Nobody was removed."), [Part::Text("Nobody was removed.")]);
        assert!(parts("").is_empty());
    }

    #[test]
    fn a_name_cannot_end_its_own_isolation() {
        assert_eq!(isolate("a\u{2069}b\u{2066}c"), "\u{2068}abc\u{2069}");
    }
}
