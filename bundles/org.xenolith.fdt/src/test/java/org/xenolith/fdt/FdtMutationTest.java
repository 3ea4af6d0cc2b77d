// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged blobs are read or refused with one exception; a tree that is read can be written and looked at. */
class FdtMutationTest {
  private static final long SEED = Long.getLong("xenolith.seed", 20261120);
  private static final int MUTATIONS = 20_000;
  private static final int[] WORDS = {0, 1, 2, 3, 4, 9, -1, 0x7fff_ffff, 0x8000_0000, 0x1000_0000, 0xffff_fffc};

  @Test
  void damagedBlobsAreReadOrRefusedAndNothingElse() {
    System.out.println("FdtMutationTest: seed " + SEED + " (-Dxenolith.seed=N)");
    byte[] sound = FdtWriter.write(SampleTree.fdt());
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = mutated(sound, new Random(SEED + i));
      try {
        Fdt fdt = FdtReader.read(bad);
        assertEquals(fdt, FdtReader.read(FdtWriter.write(fdt)));
        look(fdt);
      } catch (FdtException e) {
        assertTrue(e.getMessage().contains("; "), e.getMessage());
        refused++;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        fail("mutation " + i + " of seed " + SEED + ": " + e, e);
      }
    }
    assertTrue(refused > MUTATIONS / 10 && refused < MUTATIONS, refused + " of " + MUTATIONS + " refused");
  }

  private static byte[] mutated(byte[] sound, Random random) {
    byte[] bad = sound.clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(bad.length);
      switch (random.nextInt(5)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt();
        case 2 -> word(bad, at & ~3, WORDS[random.nextInt(WORDS.length)]);
        case 3 -> System.arraycopy(sound, random.nextInt(sound.length - 8), bad, at, Math.min(8, bad.length - at));
        default -> bad = Arrays.copyOf(bad, Math.max(1, random.nextInt(20) == 0 ? at : bad.length));
      }
    }
    return bad;
  }

  private static void word(byte[] blob, int at, int value) {
    for (int i = 0; i < 4 && at + i < blob.length; i++) {
      blob[at + i] = (byte) (value >>> 24 - 8 * i);
    }
  }

  private static void look(Fdt fdt) {
    FdtIndex index = fdt.index();
    index.byPath().forEach((path, node) -> {
      assertEquals(path, fdt.fullPath(path).orElseThrow());
      node.properties().forEach(p -> p.toString().length());
    });
    FdtFaults faults = (path, what, remedy) -> assertTrue(index.node(path).isPresent(), path);
    FdtAddresses addresses = new FdtAddresses(index, faults);
    FdtInterrupts interrupts = new FdtInterrupts(index, faults);
    index.byPath().values().forEach(node -> {
      addresses.windows(node);
      interrupts.of(node);
    });
    fdt.node("serial0:1");
  }
}
