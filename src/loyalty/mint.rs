//! The generator of all that must look random and come out the same every run: tokens, codes, UUIDs.

use std::fmt::Write;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A seeded stream of tokens. A copy goes on where the original stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Mint(ChaCha8Rng);

/// Where a [`Mint`] stands: enough to go on from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MintState {
    /// The seed.
    pub seed: [u8; 32],
    /// How many 32-bit words were drawn.
    pub position: u128,
}

impl Mint {
    /// A mint at the start of this seed's stream.
    pub fn new(seed: [u8; 32]) -> Mint {
        Mint(ChaCha8Rng::from_seed(seed))
    }

    /// A mint that goes on from here.
    pub fn at(state: MintState) -> Mint {
        let mut mint = Mint::new(state.seed);
        mint.0.set_word_pos(state.position);
        mint
    }

    /// Where it stands.
    pub fn state(&self) -> MintState {
        MintState { seed: self.0.get_seed(), position: self.0.get_word_pos() }
    }

    /// A token of so many bytes, in hex digits.
    pub(in crate::loyalty) fn token<const BYTES: usize>(&mut self) -> String {
        hex(&self.bytes::<BYTES>())
    }

    /// So many digits.
    pub(in crate::loyalty) fn code(&mut self, digits: u32) -> String {
        let number = u64::from_le_bytes(self.bytes()) % 10_u64.pow(digits);
        let width = digits as usize;
        format!("{number:0width$}")
    }

    /// A UUID of version 4. \[I: the example's has 14 digits in its last group, and is no UUID.\]
    pub(in crate::loyalty) fn uuid(&mut self) -> String {
        let mut bytes = self.bytes::<16>();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let [time, mid, version, variant, node] =
            [&bytes[..4], &bytes[4..6], &bytes[6..8], &bytes[8..10], &bytes[10..]].map(hex);
        format!("{time}-{mid}-{version}-{variant}-{node}")
    }

    /// 32 letters and digits \[E\].
    pub(in crate::loyalty) fn letters(&mut self) -> String {
        const LETTERS: &[u8; 62] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        let drawn = self.bytes::<32>();
        drawn.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all that is written");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::Mint;

    #[test]
    fn the_same_seed_gives_the_same_tokens_of_the_promised_shapes() {
        let draw = |mut mint: Mint| [mint.token::<16>(), mint.code(6), mint.uuid(), mint.letters()];
        let [token, code, uuid, letters] = draw(Mint::new([7; 32]));
        assert_eq!(draw(Mint::new([7; 32])), [token.clone(), code.clone(), uuid.clone(), letters.clone()]);
        assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(uuid.as_bytes()[14], b'4', "{uuid}");
        assert!(letters.len() == 32 && letters.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{letters}");
    }

    #[test]
    fn a_mint_goes_on_from_where_it_stood() {
        let mut mint = Mint::new([1; 32]);
        mint.token::<32>();
        let mut restored = Mint::at(mint.state());
        assert_eq!(restored.uuid(), mint.uuid());
    }
}
