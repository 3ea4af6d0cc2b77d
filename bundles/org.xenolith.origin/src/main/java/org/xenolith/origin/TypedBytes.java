// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineInputs.Taken;
import org.xenolith.origin.api.OriginStep;
import org.xenolith.origin.api.OriginStep.Kind;

/** What came in by serial lines. */
record TypedBytes(MachineInputs inputs, PastMachine past) {
  /** As the launch brings it in. */
  private static final String KIND = "serial";

  /**
   * Which byte it was that a guest has just read of a UART: those that it hasn't read yet came later.
   *
   * @param node  the UART's
   * @param value what it read
   * @return empty if no serial line is there, or that byte isn't this one: what was read was no data
   */
  Optional<OriginStep> read(String node, int value) {
    SerialPort port = past.machine().ports(SerialPort.class).get(node);
    if (port == null) {
      return Optional.empty();
    }
    Moment now = past.moment();
    List<Taken> all = inputs.of(KIND).stream().filter(each -> each.place().equals(node) && moment(each).compareTo(now) <= 0).toList();
    int later = port.unread();
    int count = all.stream().mapToInt(each -> each.bytes().length).sum();
    for (Taken each : all.reversed()) {
      if (later < each.bytes().length) {
        int at = each.bytes().length - 1 - later;
        count -= 1 + port.unread();
        return (each.bytes()[at] & 0xFF) == value ? Optional.of(step(each, at, count, node)) : Optional.empty();
      }
      later -= each.bytes().length;
    }
    return Optional.empty();
  }

  private static OriginStep step(Taken taken, int at, int number, String node) {
    int value = taken.bytes()[at] & 0xFF;
    return new OriginStep(Kind.TYPED, moment(taken), OptionalInt.empty(), "", "byte %d of what came in by the serial line of %s: 0x%02x%s"
        .formatted(number, node, value, value >= ' ' && value < 0x7F ? " '" + (char) value + "'" : ""));
  }

  private static Moment moment(Taken taken) {
    return new Moment(taken.instructions(), taken.nanoseconds());
  }
}
