// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlReader;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.AmlWriter;

/** Damaged tables are read, and then written again as they are, or refused with one exception. */
class TableMutationTest {
  private static final long SEED = Long.getLong("xenolith.seed", 20261122);
  private static final int MUTATIONS = 3_000;

  @Test
  void damagedTablesAreReadOrRefusedAndNothingElse() {
    System.out.println("TableMutationTest: seed " + SEED + " (-Dxenolith.seed=N)");
    int refused = 0;
    int all = 0;
    for (String signature : GoldenTables.BARE) {
      byte[] sound = GoldenTables.bytes("bare", signature);
      for (int i = 0; i < MUTATIONS; i++, all++) {
        byte[] bad = mutated(sound, new Random(SEED + i));
        try {
          look(AcpiTable.read(bad));
        } catch (AcpiException e) {
          assertTrue(e.getMessage().contains("; "), e.getMessage());
          refused++;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
          fail("mutation " + i + " of " + signature + ", seed " + SEED + ": " + e, e);
        }
      }
    }
    assertTrue(refused > all / 20 && refused < all, refused + " of " + all + " refused");
  }

  private static void look(AcpiTable table) {
    // All but what makes the table itself: length and checksum.
    byte[] again = StructureBuilder.of(table.structure()).bytes();
    byte[] read = table.bytes();
    assertArrayEquals(read, again, table.signature());
    if (table.structure().layout() == Definition.DSDT) {
      List<AmlTerm> terms = AmlReader.read(table);
      AmlNamespace namespace = AmlNamespace.ofTerms(terms);
      namespace.devices().forEach(namespace::resources);
      namespace.devices().forEach(device -> namespace.id(device, "_HID"));
      AmlWriter.write(terms);
    }
  }

  private static byte[] mutated(byte[] sound, Random random) {
    byte[] bad = sound.clone();
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(4) == 0 ? 36 + random.nextInt(Math.min(32, bad.length - 36)) : random.nextInt(bad.length);
      switch (random.nextInt(4)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt();
        case 2 -> bad[at] = (byte) (random.nextBoolean() ? 0xff : 0);
        default -> System.arraycopy(sound, random.nextInt(sound.length - 8), bad, at, Math.min(8, bad.length - at));
      }
    }
    return bad;
  }
}
