// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.Machine;
import org.xenolith.traces.api.TraceField;
import org.xenolith.traces.api.TraceField.Form;
import org.xenolith.traces.api.TraceKind;
import org.xenolith.traces.api.TraceSource;
import org.xenolith.traces.api.TraceStream;

/** Tells what the machine tells who watches it, whatever it is made of. */
@Component
public final class WatchedEvents implements TraceSource {
  private static final TraceField WHAT = new TraceField("what", Form.TEXT);
  private static final TraceField ADDRESS = new TraceField("address", Form.BITS);
  private static final TraceField WRITE = new TraceField("write", Form.NUMBER);
  private static final TraceField VALUE = new TraceField("value", Form.BITS);

  static final TraceKind EXCEPTION = TraceKind.of("exception", "a CPU takes an exception or interrupt", WHAT);
  static final TraceKind RETURN = TraceKind.of("return", "a CPU returns from one", WHAT);
  static final TraceKind TRAP = TraceKind.of("trap", "a CPU is left to a hypervisor in Java", WHAT);
  static final TraceKind FIRMWARE = TraceKind.of("firmware", "a CPU calls the firmware");
  static final TraceKind ACCESS = TraceKind.of("access", "a CPU reads or writes a device's window", ADDRESS, new TraceField("size",
      Form.NUMBER), WRITE, VALUE);
  static final TraceKind REGISTER = TraceKind.of("register", "a CPU reads or writes a system register that a device answers",
      new TraceField("register", Form.BITS), WRITE, VALUE);
  static final TraceKind ALARM = TraceKind.of("alarm", "a device's alarm fires");
  static final TraceKind DMA = TraceKind.of("dma", "a device reads or writes memory", ADDRESS, new TraceField("length", Form.NUMBER),
      WRITE);
  static final TraceKind LINE = TraceKind.of("line", "an interrupt line of a device changes its level", new TraceField("line", Form.TEXT),
      new TraceField("level", Form.NUMBER));
  static final TraceKind EVENT = TraceKind.of("event", "the machine's event log is told something: bundles that change, models that fail",
      new TraceField("event", Form.TEXT), new TraceField("text", Form.TEXT));

  @Override
  public List<TraceKind> kinds() {
    return List.of(EXCEPTION, RETURN, TRAP, FIRMWARE, ACCESS, REGISTER, ALARM, DMA, LINE, EVENT);
  }

  @Override
  public Ending begin(Machine machine, TraceStream stream) {
    if (kinds().stream().noneMatch(stream::wants)) {
      return () -> {};
    }
    TracingWatcher watcher = new TracingWatcher(stream);
    machine.watch(watcher);
    return () -> machine.forget(watcher);
  }
}
