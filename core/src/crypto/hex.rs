//! Bytes as hexadecimal text, for columns that hold digests. It must not know what the bytes mean.

/// The bytes in lower-case hexadecimal, two characters each.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    nibbles.map(|nibble| DIGITS[usize::from(nibble)]).collect()
}

/// 32 bytes from 64 characters of lower-case hexadecimal; none where it is anything else.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |character: u8| match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        _ => None,
    };
    let pairs: &[[u8; 2]; 32] = text.as_bytes().as_chunks().0.try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    (text.len() == 64).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_back_and_nothing_else_is() {
        let bytes = std::array::from_fn(|index| u8::try_from(index * 8 % 256).unwrap());
        assert_eq!(from_hex(&hex(&bytes)), Some(bytes));
        for text in [
            "",
            &hex(&[1; 31]),
            &hex(&[1; 33]),
            &format!("{}0", hex(&[1; 32])),
            &"G".repeat(64),
            &"é".repeat(32),
        ] {
            assert_eq!(from_hex(text), None, "{text}");
        }
    }

    #[test]
    fn every_byte_becomes_two_characters() {
        assert_eq!(hex(&[0x00, 0x0f, 0xa0, 0xff]), "000fa0ff");
        assert_eq!(hex(&[]), "");
    }
}
