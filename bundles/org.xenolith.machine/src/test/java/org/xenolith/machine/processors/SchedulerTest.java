// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    @Override
    public boolean runnable() {
      return runnable;
    }

    @Override
    public long run(long budget) {
      return budget;
    }

    @Override
    public CpuPort port() {
      throw new AssertionError("nobody watches");
    }

    @Override
    public long executed() {
      return 0;
    }

    @Override
    public void requestExit() {}

    @Override
    public boolean exitRequested() {
      return false;
    }
  }

  private final Toy[] toys = {new Toy(), new Toy(), new Toy()};
  private final DeviceState state = new DeviceState();
  private final Scheduler scheduler = new Scheduler(toys, 100, state);

  @Test
  void turnsGoRoundRobinAfterAQuantum() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      order.add(List.of(toys).indexOf(scheduler.pick()));
      scheduler.spent(scheduler.left());
    }
    assertEquals(List.of(1, 2, 0, 1, 2, 0), order);
  }

  @Test
  void whereSlicesAreCutNeverShows() {
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

  @Test
  void oneCpuAloneIsNotCutAndItsTurnsAreCountedAllTheSame() {
    Random random = new Random(12);
    DeviceState cut = new DeviceState();
    Scheduler cutting = new Scheduler(new Toy[] {new Toy()}, 100, cut);
    DeviceState alone = new DeviceState();
    Scheduler whole = new Scheduler(new Toy[] {new Toy()}, 100, alone);
    for (int round = 0; round < 200; round++) {
      int instructions = round % 10 == 0 ? 100 * random.nextInt(9) : random.nextInt(1000);
      whole.pick();
      assertEquals(Long.MAX_VALUE, whole.left());
      whole.spent(instructions);
      cutting.pick();
      for (int i = 0; i < instructions; i++) {
        cutting.pick();
        cutting.spent(1);
      }
      assertEquals(cut.save(), alone.save(), "round " + round);
    }
  }

  private static final Toy[] TOYS = {new Toy(), new Toy()};

  @Test
  void waitingCpusAreLeftOutAndNobodyIsNull() {
    toys[1].runnable = false;
    assertSame(toys[2], scheduler.pick());
    toys[2].runnable = false;
    assertSame(toys[0], scheduler.pick());
    toys[0].runnable = false;
    assertNull(scheduler.pick());
  }

  @Test
  void theRestOfATurnIsState() {
    Turn owner = scheduler.pick();
    scheduler.spent(30);
    StateRecord saved = state.save();
    scheduler.spent(70);
    scheduler.pick();
    state.restore(saved);
    assertSame(owner, scheduler.pick());
    assertEquals(70, scheduler.left());
  }

  @Test
  void whoIsCalledHasAShareAtOnceAndTheTurnGoesOn() {
    assertSame(toys[1], scheduler.pick());
    scheduler.spent(30);
    assertTrue(scheduler.call(0));
    assertSame(toys[0], scheduler.pick());
    assertEquals(10, scheduler.left());
    scheduler.spent(10);
    assertSame(toys[1], scheduler.pick());
    assertEquals(60, scheduler.left());
  }

  @Test
  void whoWaitsAgainGivesItsShareBack() {
    scheduler.pick();
    scheduler.call(0);
    scheduler.pick();
    scheduler.spent(3);
    toys[0].runnable = false;
    assertSame(toys[1], scheduler.pick());
    assertEquals(97, scheduler.left());
  }

  @Test
  void allWhoAreCalledHaveTheirShares() {
    assertSame(toys[1], scheduler.pick());
    scheduler.call(0);
    scheduler.call(2);
    assertSame(toys[0], scheduler.pick());
    scheduler.spent(scheduler.left());
    assertSame(toys[2], scheduler.pick());
    scheduler.spent(scheduler.left());
    assertSame(toys[1], scheduler.pick());
  }

  @Test
  void callsStarveNobody() {
    int[] executed = new int[3];
    for (int i = 0; i < 3_000; i++) {
      int cpu = List.of(toys).indexOf(scheduler.pick());
      executed[cpu]++;
      scheduler.spent(1);
      if (cpu != 2) {
        scheduler.call(1 - cpu);
      }
    }
    assertTrue(executed[2] >= 500, "the third CPU executed " + executed[2] + " of 3,000 instructions");
  }

  @Test
  void aShareIsState() {
    scheduler.pick();
    scheduler.call(2);
    scheduler.call(0);
    scheduler.pick();
    scheduler.spent(4);
    StateRecord saved = state.save();
    scheduler.spent(6);
    scheduler.pick();
    state.restore(saved);
    assertSame(toys[0], scheduler.pick());
    assertEquals(6, scheduler.left());
    scheduler.spent(6);
    assertSame(toys[2], scheduler.pick());
  }

  @Test
  void whereSlicesAreCutNeverShowsWithCalls() {
    for (int seed = 0; seed < 50; seed++) {
      List<Integer> whole = calling(Integer.MAX_VALUE, seed);
      for (int cut = 1; cut < 30; cut += 3) {
        assertEquals(-1, difference(whole, calling(cut, seed)), "first difference, seed " + seed + ", slices of at most " + cut);
      }
    }
  }

  private static int difference(List<Integer> one, List<Integer> other) {
    for (int i = 0; i < one.size(); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Who executes each of 2,000 instructions when some of them call other CPUs, and some make their CPU wait until it is called. */
  private static List<Integer> calling(int cut, int seed) {
    Toy[] cpus = {new Toy(), new Toy(), new Toy(), new Toy()};
    Scheduler fresh = new Scheduler(cpus, 60, new DeviceState());
    Random program = new Random(seed);
    Random cuts = new Random(cut);
    List<Integer> owners = new ArrayList<>();
    while (owners.size() < 2000) {
      int cpu = List.of(cpus).indexOf(fresh.pick());
      long budget = Math.min(fresh.left(), cut == Integer.MAX_VALUE ? Long.MAX_VALUE : 1 + cuts.nextInt(cut));
      int done = 0;
      for (boolean exit = false; done < budget && !exit;) {
        owners.add(cpu);
        done++;
        int what = program.nextInt(30);
        if (what < 4) {
          cpus[what].runnable = true;
          exit = what != cpu && fresh.call(what);
        } else if (what == 4 && cpu != 0) {
          cpus[cpu].runnable = false;
          exit = true;
        }
      }
      fresh.spent(done);
    }
    return owners.subList(0, 2000);
  }
}
