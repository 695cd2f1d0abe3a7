//! The order of the rooms, as a test: each module uses only those that `lib.rs` lists above it.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules in the order in which `lib.rs` lists them.
fn rooms() -> Vec<String> {
    let listed = include_str!("lib.rs").lines().filter_map(|line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    });
    listed.filter(|room| room != "rooms").collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// What a source names of this crate: the first word behind each `crate::`, also inside braces.
fn used_rooms(text: &str) -> Vec<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    code.split("crate::").skip(1).flat_map(first_words).collect()
}

/// The word that a path begins with; of a list in braces, the word that each of its entries begins with.
fn first_words(path: &str) -> Vec<String> {
    let word = |text: &str| {
        text.trim_start()
            .chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
            .collect::<String>()
    };
    let Some(list) = path.strip_prefix('{') else { return vec![word(path)] };
    let (mut depth, mut entries) = (0, vec![String::new()]);
    for letter in list.chars() {
        match letter {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => entries.push(String::new()),
            _ => entries.last_mut().unwrap().push(letter),
        }
    }
    entries.iter().map(|entry| word(entry)).filter(|word| !word.is_empty()).collect()
}

#[test]
fn each_room_uses_only_those_listed_above_it() {
    let (rooms, folder) = (rooms(), Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let place = |room: &str| rooms.iter().position(|listed| listed == room);
    let mut wrong = Vec::new();
    for source in sources(&folder) {
        let inside = source.strip_prefix(&folder).unwrap();
        let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        let Some(own) = place(room) else {
            assert!(["lib", "rooms"].contains(&room), "lib.rs does not list {room}");
            continue;
        };
        for used in used_rooms(&fs::read_to_string(&source).unwrap()) {
            if place(&used).is_some_and(|used| used > own) {
                wrong.push(format!("{} uses {used}", inside.display()));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn lists_in_braces_are_read() {
    let text = "use crate::{audit::{self, Event}, clock::Timestamp,\n store};\nuse crate::limits::throttle;\n// crate::nothing\n";
    assert_eq!(used_rooms(text), ["audit", "clock", "store", "limits"]);
}
