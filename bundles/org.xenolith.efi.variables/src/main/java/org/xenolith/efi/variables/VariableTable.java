// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.xenolith.efi.api.VariableAttributes.HARDWARE_ERROR_RECORD;
import static org.xenolith.efi.api.VariableAttributes.NON_VOLATILE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.VariableName;
import org.xenolith.regs.StateMismatch;

/** All variables in the order in which they were made, and the room that they take. A non-volatile one is kept before it is here. */
final class VariableTable {
  /** What a volatile variable takes besides name and data. */
  private static final int VOLATILE_COST = 64;

  private final StorePolicy policy;
  private final Keeper keeper;
  private final Consumer<String> report;
  private final Map<VariableName, StoredVariable> variables = new LinkedHashMap<>();
  private int counter;

  VariableTable(StorePolicy policy, Keeper keeper, Consumer<String> report) {
    this.policy = policy;
    this.keeper = keeper;
    this.report = report;
  }

  StoredVariable get(VariableName name) {
    return variables.get(name);
  }

  Collection<StoredVariable> all() {
    return variables.values();
  }

  /** High half of the monotonic counter. */
  int counter() {
    return counter;
  }

  void clear() {
    variables.clear();
    counter = 0;
  }

  /** Puts a variable in that the firmware makes itself. */
  void show(StoredVariable variable) {
    variables.put(variable.name(), variable);
  }

  /** Takes over what a log has. */
  void load(LogContents contents) {
    variables.values().removeIf(StoredVariable::isNonVolatile);
    variables.putAll(contents.variables());
    counter = contents.counter();
  }

  /** What a log of all this has. */
  LogContents kept() {
    LogContents contents = new LogContents().with(counter);
    variables.values().stream().filter(StoredVariable::isNonVolatile).forEach(contents::with);
    return contents;
  }

  EfiStatus put(StoredVariable variable) {
    if (policy.full() && cost(variable) > cost(variables.get(variable.name()))
        || cost(variable) > remaining(variable.attributes(), variables.get(variable.name()))) {
      return EfiStatus.OUT_OF_RESOURCES;
    }
    EfiStatus status = variable.isNonVolatile() ? keep(LogRecord.put(variable)) : EfiStatus.SUCCESS;
    if (status == EfiStatus.SUCCESS) {
      variables.put(variable.name(), variable);
    }
    return status;
  }

  EfiStatus delete(StoredVariable variable) {
    EfiStatus status = variable.isNonVolatile() ? keep(LogRecord.delete(variable.name())) : EfiStatus.SUCCESS;
    if (status == EfiStatus.SUCCESS) {
      variables.remove(variable.name());
    }
    return status;
  }

  EfiStatus count(int high) {
    EfiStatus status = keep(LogRecord.counter(high));
    if (status == EfiStatus.SUCCESS) {
      counter = high;
    }
    return status;
  }

  private EfiStatus keep(LogRecord change) {
    if (keeper.isReadOnly()) {
      return EfiStatus.WRITE_PROTECTED;
    }
    try {
      keeper.keep(change, () -> {
        LogContents after = kept();
        after.apply(change);
        return after;
      });
      return EfiStatus.SUCCESS;
    } catch (IOException e) {
      report.accept("a non-volatile variable can't be written, the guest is told DEVICE_ERROR: " + e.getMessage()); // own words: what BlockDevice says
      return EfiStatus.DEVICE_ERROR;
    }
  }

  /** Bytes for all variables with such attributes. */
  long maximum(int attributes) {
    if ((attributes & NON_VOLATILE) == 0) {
      return policy.volatileBytes();
    }
    long all = keeper.capacity() >= 0 ? keeper.capacity() : policy.memoryBytes();
    long reserved = Math.min(all, policy.hardwareErrorBytes());
    return (attributes & HARDWARE_ERROR_RECORD) != 0 ? reserved : all - reserved;
  }

  /** Bytes of it that are free, or are taken by one variable that is to be replaced. */
  long remaining(int attributes, StoredVariable except) {
    int kind = kind(attributes);
    long used = variables.values().stream().filter(other -> other != except && kind(other.attributes()) == kind)
        .mapToLong(VariableTable::cost).sum();
    return Math.max(0, maximum(attributes) - used);
  }

  /** Variables of the same kind share their room. */
  private static int kind(int attributes) {
    return (attributes & NON_VOLATILE) == 0 ? 0 : attributes & (NON_VOLATILE | HARDWARE_ERROR_RECORD);
  }

  /** What a variable takes: in the log whole sectors, without their heads. */
  private static long cost(StoredVariable variable) {
    return variable == null ? 0 : variable.isNonVolatile() ? (long) LogRecord.put(variable).sectors() * LogFrame.PAYLOAD
        : VOLATILE_COST + variable.name().bytes() + variable.data().length;
  }

  /** All of it as bytes, for a snapshot. Little-endian: counter, then each variable behind its length. */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(number(counter));
    for (StoredVariable variable : variables.values()) {
      byte[] bytes = variable.encode();
      out.writeBytes(number(bytes.length));
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] number(int number) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
  }

  /** @throws StateMismatch if {@link #encode} didn't write these bytes; then nothing has changed */
  void decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<StoredVariable> read = new ArrayList<>();
    int high;
    try {
      high = in.getInt();
      while (in.hasRemaining()) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new IllegalArgumentException("a variable of " + length + " bytes, and " + in.remaining() + " are left");
        }
        read.add(StoredVariable.decode(in.slice(in.position(), length)));
        in.position(in.position() + length);
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new StateMismatch("variables: offset " + in.position() + ": " + e.getMessage());
    }
    clear();
    counter = high;
    read.forEach(this::show);
  }
}
