//! The seeded generator of a sandbox: the only source of randomness, and the same one every run.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::loyalty::World;

/// A stream of random bytes that depends on the seed, the sandbox's name and the stream's own name, and on
/// nothing else: one use of dice does not disturb another.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream `stream` of the sandbox `sandbox` under `seed`.
    pub fn new(seed: u64, sandbox: &str, stream: &str) -> Dice {
        // FNV-1a over both names, with a byte between them that no name holds.
        let name = sandbox.bytes().chain([0xff]).chain(stream.bytes());
        let hash = name.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&hash.to_le_bytes());
        Dice(ChaCha8Rng::from_seed(key))
    }

    /// The next bytes of the stream.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// From now on a world's new ids and tokens are those of the sandbox `sandbox` under `seed`.
pub fn reseed(world: &mut World, seed: u64, sandbox: &str) {
    world.loyalclient.set_machine(Dice::new(seed, sandbox, "ids").bytes());
    world.ibonus.set_seed(Dice::new(seed, sandbox, "ibonus").bytes());
    world.probonus.set_seed(Dice::new(seed, sandbox, "probonus").bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_bytes_for_ever() {
        assert_eq!(Dice::new(0, "default", "ids").bytes(), [221, 52, 233, 134, 159]);
    }

    #[test]
    fn every_sandbox_seed_and_stream_has_its_own() {
        let streams = [
            Dice::new(0, "a", "ids"),
            Dice::new(1, "a", "ids"),
            Dice::new(0, "b", "ids"),
            Dice::new(0, "a", "x"),
        ];
        let mut drawn = streams.map(|mut dice| dice.bytes::<8>()).to_vec();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 4);
    }
}
