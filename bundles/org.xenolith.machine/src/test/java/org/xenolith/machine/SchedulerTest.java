package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;

final class SchedulerTest {
  /** A CPU that is only able to run or not. */
  private static final class Toy implements Turn {
    boolean runnable = true;

    @Override public boolean runnable() {
      return runnable;
    }

    @Override public long run(long budget) {
      return budget;
    }

    @Override public CpuPort port() {
      throw new AssertionError("nobody watches");
    }

    @Override public long executed() {
      return 0;
    }

    @Override public void requestExit() { }

    @Override public boolean exitRequested() {
      return false;
    }
  }

  private final Toy[] toys = {new Toy(), new Toy(), new Toy()};
  private final DeviceState state = new DeviceState();
  private final Scheduler scheduler = new Scheduler(toys, 100, state);

  @Test void turnsGoRoundRobinAfterAQuantum() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      order.add(List.of(toys).indexOf(scheduler.pick()));
      scheduler.spent(scheduler.left());
    }
    assertEquals(List.of(1, 2, 0, 1, 2, 0), order);
  }

  @Test void whereSlicesAreCutNeverShows() {
    Random random = new Random(11);
    List<Turn> whole = owners(Integer.MAX_VALUE, random);
    for (int cut = 1; cut < 50; cut++) {
      assertEquals(whole, owners(cut, random), "slices of at most " + cut);
    }
  }

  /** Who owns each of 1,000 instructions when slices have at most {@code cut} of them. */
  private static List<Turn> owners(int cut, Random random) {
    Toy[] cpus = TOYS;
    Scheduler fresh = new Scheduler(cpus, 70, new DeviceState());
    List<Turn> owners = new ArrayList<>();
    while (owners.size() < 1000) {
      Turn turn = fresh.pick();
      long budget = Math.min(fresh.left(), 1 + random.nextInt(cut == Integer.MAX_VALUE ? 1000 : cut));
      for (int i = 0; i < budget; i++) {
        owners.add(turn);
      }
      fresh.spent(budget);
    }
    return owners.subList(0, 1000);
  }

  private static final Toy[] TOYS = {new Toy(), new Toy()};

  @Test void waitingCpusAreLeftOutAndNobodyIsNull() {
    toys[1].runnable = false;
    assertSame(toys[2], scheduler.pick());
    toys[2].runnable = false;
    assertSame(toys[0], scheduler.pick());
    toys[0].runnable = false;
    assertNull(scheduler.pick());
  }

  @Test void theRestOfATurnIsState() {
    Turn owner = scheduler.pick();
    scheduler.spent(30);
    StateRecord saved = state.save();
    scheduler.spent(70);
    scheduler.pick();
    state.restore(saved);
    assertSame(owner, scheduler.pick());
    assertEquals(70, scheduler.left());
  }
}
