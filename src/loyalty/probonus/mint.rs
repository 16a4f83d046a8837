//! The generator of tokens: they look random, and come out the same every run.

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

    /// A token: 64 hex digits \[I\].
    pub(super) fn token(&mut self) -> String {
        let mut bytes = [0_u8; 32];
        self.0.fill_bytes(&mut bytes);
        bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a String takes all that is written");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Mint;

    #[test]
    fn a_mint_goes_on_from_where_it_stood() {
        let mut mint = Mint::new([1; 32]);
        let first = mint.token();
        assert_eq!(first, Mint::new([1; 32]).token());
        assert!(first.len() == 64 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
        let mut restored = Mint::at(mint.state());
        assert_eq!(restored.token(), mint.token());
    }
}
