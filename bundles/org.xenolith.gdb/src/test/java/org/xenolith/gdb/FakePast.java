// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;

/**
 * A run of thirty instructions of the first processor of a fake machine, one after the other from {@link FakeMachine#CODE} on. Those numbered 10 and 20 count up the word at {@link #WORD}.
 */
final class FakePast implements MachineHistory, PastMachine {
  static final long WORD = FakeMachine.CODE + 0x100;
  private static final int END = 30;
  private static final int SIZE = 4;
  final FakeMachine view = new FakeMachine();
  /** How often it was closed. */
  int closed;
  boolean cancelled;
  /** Why nothing before the begin is there. */
  String before = "";
  private int at = END;

  private final Machine machine = (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class}, (proxy,
      method, arguments) -> switch (method.getName()) {
        case "instructions", "now" -> (long) at;
        default -> throw new UnsupportedOperationException(method.getName());
      });

  /** Address of an instruction. */
  static long pc(int number) {
    return FakeMachine.CODE + (long) SIZE * number;
  }

  private static boolean stores(int number) {
    return number == 10 || number == 20;
  }

  private void show() {
    view.processors.getFirst().set("PC", pc(at));
    ByteBuffer.wrap(view.ram).order(ByteOrder.LITTLE_ENDIAN).putLong((int) (WORD - FakeMachine.CODE), at > 20 ? 2 : at > 10 ? 1 : 0);
  }

  private void to(int number) {
    at = number;
    show();
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public Moment first() {
    return new Moment(0, 0);
  }

  @Override
  public String beforeFirst() {
    return before;
  }

  @Override
  public Moment present() {
    return new Moment(END, END);
  }

  @Override
  public List<Moment> checkpoints() {
    return List.of(first());
  }

  @Override
  public long held() {
    return 1 << 20;
  }

  @Override
  public long budget() {
    return 2 << 20;
  }

  @Override
  public Goal goal(String text) {
    if (!text.matches("[0-9]+")) {
      throw new BadInput("'" + text + "' is no moment");
    }
    return new Goal.Instruction(Long.parseLong(text));
  }

  @Override
  public PastMachine at(Goal goal) {
    go(goal);
    return this;
  }

  @Override
  public Optional<PastMachine> shown() {
    return Optional.empty();
  }

  @Override
  public void show(PastMachine past) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Moment moment() {
    return new Moment(at, at);
  }

  @Override
  public void go(Goal goal) {
    long number = switch (goal) {
      case Goal.Instruction there -> there.count();
      case Goal.Time there -> there.nanoseconds();
      case Goal.Exactly there -> there.moment().instructions();
    };
    if (number > END) {
      throw new BadInput("beyond the present");
    }
    to((int) number);
  }

  @Override
  public void toFirst() {
    to(0);
  }

  @Override
  public void toPresent() {
    to(END);
  }

  @Override
  public Arrival step(long instructions) {
    long number = at + instructions;
    to((int) Math.clamp(number, 0, END));
    return new Arrival(number < 0 ? Why.FIRST : number >= END ? Why.PRESENT : Why.THERE, List.of());
  }

  @Override
  public Arrival step(int cpu, long instructions) {
    return step(instructions);
  }

  @Override
  public Arrival forwards(List<StopPlace> places, Predicate<StopReport> condition) {
    return move(places, 1, END, Why.PRESENT);
  }

  @Override
  public Arrival backwards(List<StopPlace> places, Predicate<StopReport> condition) {
    return move(places, -1, 0, Why.FIRST);
  }

  private Arrival move(List<StopPlace> places, int by, int end, Why otherwise) {
    while (at != end) {
      to(at + by);
      List<StopReport> met = new ArrayList<>();
      for (StopPlace place : places) {
        boolean here = place instanceof StopPlace.Instruction code ? code.address() == pc(at) : at > 0 && stores(at - 1);
        if (here) {
          met.add(new StopReport(place, OptionalInt.of(0), place instanceof StopPlace.Access ? WORD : pc(at), true, ""));
        }
      }
      if (!met.isEmpty()) {
        return new Arrival(Why.STOP, met);
      }
    }
    return new Arrival(otherwise, List.of());
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  @Override
  public PastMachine whatIf(PastMachine past) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Launch whatIf(EventLog events) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    closed++;
  }
}
