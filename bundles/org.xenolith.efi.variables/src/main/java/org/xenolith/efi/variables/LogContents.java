// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.efi.api.VariableName;

/** What a log says when all of it has been read: non-volatile variables in the order in which they were made, and the counter. */
final class LogContents {
  private static final int COUNTER_BYTES = 4;
  private final Map<VariableName, StoredVariable> variables = new LinkedHashMap<>();
  private int counter;

  Map<VariableName, StoredVariable> variables() {
    return variables;
  }

  /** High half of the monotonic counter. */
  int counter() {
    return counter;
  }

  /** Puts a variable in; one of that name keeps its place. */
  LogContents with(StoredVariable variable) {
    variables.put(variable.name(), variable);
    return this;
  }

  LogContents with(int high) {
    counter = high;
    return this;
  }

  /** @throws IllegalArgumentException if the record's payload can't be read; the message says why */
  void apply(LogRecord record) {
    switch (record.kind()) {
      case PUT -> with(StoredVariable.decode(ByteBuffer.wrap(record.payload())));
      case DELETE -> variables.remove(StoredVariable.decode(ByteBuffer.wrap(record.payload())).name());
      case COUNTER -> {
        if (record.payload().length != COUNTER_BYTES) {
          throw new IllegalArgumentException("a counter of " + record.payload().length + " bytes");
        }
        counter = ByteBuffer.wrap(record.payload()).order(ByteOrder.LITTLE_ENDIAN).getInt();
      }
      case CHECKPOINT -> {
        // It says that what is before it is all.
      }
    }
  }

  /** What makes the same contents of an empty log. */
  List<LogRecord> records() {
    List<LogRecord> records = new ArrayList<>();
    variables.values().forEach(variable -> records.add(LogRecord.put(variable)));
    if (counter != 0) {
      records.add(LogRecord.counter(counter));
    }
    return records;
  }

  /** Whether both have the same variables in the same order, and the same counter. */
  boolean sameAs(LogContents other) {
    if (counter != other.counter || !List.copyOf(variables.keySet()).equals(List.copyOf(other.variables.keySet()))) {
      return false;
    }
    return variables.values().stream().allMatch(variable -> variable.sameAs(other.variables.get(variable.name())));
  }
}
