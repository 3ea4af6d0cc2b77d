// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.List;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;

/** What grows by what a guest does, with a bound so small that an input gets there: no more is kept, and no guest sees it. */
public final class GrowthAttack implements Attack {
  private GrowingDisk disk;

  @Override
  public String word() {
    return "growth";
  }

  @Override
  public String says() {
    return "what makes the host keep something, behind a byte that says what: code that goes over many pages (decoded pages of the x86-64 interpreter),"
        + " writes and discards of a disk (its overlay), or events of kinds, places and texts; the bounds hold, and nothing is otherwise than without them";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.x64.graph.DecodedPages*", "org.xenolith.x64.graph.Interpreter*", "org.xenolith.block.raw.**",
        "org.xenolith.machine.CountedEventLog*");
  }

  @Override
  public List<String> execute(byte[] input) {
    InputBytes bytes = new InputBytes(input);
    return switch (bytes.next() % 3) {
      case 0 -> GrowingCode.execute(bytes);
      case 1 -> disk.execute(bytes);
      default -> GrowingEvents.execute(bytes);
    };
  }

  @Override
  public void fresh() {
    if (disk == null) {
      disk = new GrowingDisk();
    }
  }
}
