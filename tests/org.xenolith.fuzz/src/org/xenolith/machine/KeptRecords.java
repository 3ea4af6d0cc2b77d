// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.snapshot.Snapshot;
import org.xenolith.machine.snapshot.SnapshotCapture;
import org.xenolith.regs.StateRecord;

/** What devices and ports of a machine keep, each field as a short text, to be compared. */
public final class KeptRecords {
  private KeptRecords() {}

  /** Texts by instance or port and field: a number, or an array's length and hash. */
  public static Map<String, String> of(Machine machine) {
    Map<String, String> fields = new TreeMap<>();
    try {
      Snapshot snapshot = new SnapshotCapture(((CoreMachine) machine).hardware(), "").take();
      snapshot.devices().forEach((instance, kept) -> add(instance, kept.record(), fields));
      snapshot.ports().forEach((port, record) -> add(port.substring(port.lastIndexOf('.') + 1), record, fields));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fields;
  }

  private static void add(String owner, StateRecord record, Map<String, String> fields) {
    record.values().forEach((name, value) -> fields.put(owner + "." + name, switch (value) {
      case byte[] bytes -> bytes.length + " bytes " + Arrays.hashCode(bytes);
      case int[] numbers -> numbers.length + " numbers " + Arrays.hashCode(numbers);
      case long[] numbers -> numbers.length + " numbers " + Arrays.hashCode(numbers);
      default -> value.toString();
    }));
  }
}
