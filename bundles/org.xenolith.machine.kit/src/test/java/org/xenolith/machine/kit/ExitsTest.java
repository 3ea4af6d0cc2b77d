// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

class ExitsTest {
  private final List<Throwable> failures = new ArrayList<>();
  private final Exits exits = new Exits(failures::add);
  private final List<String> told = new ArrayList<>();

  /** Notes what it is told, or throws at it. */
  private class Noting implements MachineWatcher {
    private final Throwable bug;

    Noting(Throwable bug) {
      this.bug = bug;
    }

    @Override
    public long period() {
      return 1000;
    }

    @Override
    public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {}

    @Override
    public void exitBegins(ExitKind kind, String place, long nanoseconds) {
      told.add(kind + " " + place);
      if (bug instanceof Error error) {
        throw error;
      }
    }

    @Override
    public void exitEnds(long nanoseconds) {
      told.add("end");
    }

    @Override
    public void exception(CpuPort cpu, String what) {}

    @Override
    public void translated(long address, String how) {}
  }

  @Test
  void nobodyIsToldWhileNobodyWatches() {
    assertFalse(exits.wanted());
    exits.begin(ExitKind.READ, "/uart");
    exits.end();
    assertEquals(0, exits.spent());
  }

  @Test
  void exitsNestAndTheOutermostOneCountsTheTime() {
    exits.add(new Noting(null));
    assertTrue(exits.wanted());
    exits.begin(ExitKind.HYPERVISOR, "trap");
    exits.begin(ExitKind.WRITE, "/gic");
    exits.end();
    assertEquals(0, exits.spent(), "the outer one isn't over");
    exits.end();
    assertEquals(List.of("HYPERVISOR trap", "WRITE /gic", "end", "end"), told);
  }

  @Test
  void aWatcherThatThrowsIsToldNothingMore() {
    AssertionError bug = new AssertionError("bug");
    Noting broken = new Noting(bug);
    exits.add(broken);
    exits.begin(ExitKind.READ, "/uart");
    exits.end();
    assertEquals(List.of("READ /uart"), told);
    assertFalse(exits.watched());
    assertFalse(exits.tells(broken));
    assertEquals(1, failures.size());
    assertSame(bug, failures.getFirst());
  }

  @Test
  void everyWatcherIsToldUntilItEndsWhateverOthersDo() {
    Noting first = new Noting(null);
    Noting second = new Noting(null);
    exits.add(first);
    exits.add(new Noting(new AssertionError("bug")));
    exits.add(second);
    exits.add(second);
    exits.begin(ExitKind.READ, "/uart");
    exits.end();
    assertEquals(List.of("READ /uart", "READ /uart", "READ /uart", "end", "end"), told);
    exits.remove(first);
    assertTrue(exits.watched());
    told.clear();
    exits.begin(ExitKind.READ, "/rtc");
    exits.close();
    assertFalse(exits.watched());
    exits.end();
    assertEquals(List.of("READ /rtc"), told);
  }

  /** Memory that ran out is nobody's fault: the machine must hear of it. */
  @Test
  void translatedCodeIsToldAsLongAsOneWantsThat() {
    Noting looks = new Noting(null) {
      @Override
      public boolean wantsTranslated() { return false; }
    };
    Noting hears = new Noting(null);
    exits.add(looks);
    assertFalse(exits.wantsTranslated());
    exits.add(hears);
    exits.add(hears);
    assertTrue(exits.wantsTranslated());
    exits.remove(looks);
    assertTrue(exits.wantsTranslated());
    exits.remove(hears);
    assertFalse(exits.wantsTranslated());
  }

  @Test
  void exhaustedMemoryPassesThrough() {
    RamExhausted exhausted = assertThrows(RamExhausted.class, () -> exits(new RamExhausted("out")));
    assertEquals("out", exhausted.getMessage());
  }

  private void exits(RamExhausted exhausted) {
    exits.add(new Noting(null));
    exits.tell(watcher -> {
      throw exhausted;
    });
  }
}
