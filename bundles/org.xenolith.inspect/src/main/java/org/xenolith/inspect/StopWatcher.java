// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import java.util.OptionalInt;
import java.util.function.Predicate;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** Hears of exceptions, exits and events, which places may be of. */
final class StopWatcher implements MachineWatcher {
  private final Sink sink;

  /** Is told of what has happened. */
  interface Sink {
    /**
     * Something has happened.
     *
     * @param what of a place, whether it is one of that
     */
    void happened(Predicate<StopPlace> what, OptionalInt processor, String text);
  }

  StopWatcher(Sink sink) {
    this.sink = sink;
  }

  @Override
  public long period() {
    return Long.MAX_VALUE;
  }

  @Override
  public void sample(CpuPort cpu, long instructions, long nanoseconds, long inExits) {}

  @Override
  public void exitBegins(ExitKind kind, String place, long now) {
    sink.happened(each -> each instanceof StopPlace.GuestExit exit && exit.kind() == kind && exit.place().matcher(place).find(), OptionalInt
        .empty(), kind.text() + ' ' + place);
  }

  @Override
  public void exitEnds(long now) {}

  @Override
  public void exception(CpuPort cpu, String what) {
    sink.happened(each -> each instanceof StopPlace.ExceptionTaken taken && taken.name().matcher(what).find(), OptionalInt.of(cpu.index()),
        what);
  }

  @Override
  public void event(String kind, String place, String text) {
    sink.happened(each -> each instanceof StopPlace.Event event && event.kind().equals(kind) && event.text().matcher(text).find(),
        OptionalInt
            .empty(), kind + ' ' + place + ": " + text);
  }

  @Override
  public boolean wantsTranslated() { return false; }

  @Override
  public void translated(long instructions, String wayOut) {}
}
