// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.io.IOException;
import java.util.function.Supplier;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.variables.LogPosition.Condition;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;

/**
 * The variables of a machine, behind the port of its firmware's node. Non-volatile ones are on the disk that is attached to the node;
 * without one they are forgotten at a reset. All variables are state, and so is where the log on the disk goes on: another version reads
 * the disk only to see whether it is the same.
 */
final class VariablesModel implements DeviceModel, Keeper {
  /** Name and data of a variable have lengths of 16 bits characters and less than this many bytes. */
  private static final int LARGEST_VARIABLE = 128 << 10;
  private static final int LARGEST_ROOM = 16 << 20;

  private final DeviceState state = new DeviceState();
  private final DeviceContext context;
  private final BlockPort port;
  private final VariablesPort services;
  private final VariableTable table;
  private final EfiVariables variables;
  private final LongCell writes;
  private final long failing;
  /** Where the log goes on, as {@link #log} has it. */
  private LogPosition position;
  /** Null while there is no disk. */
  private VariableLog log;
  private BlockDevice disk;
  /** Why nothing can be written though there is a log, or should be one; null if it can. */
  private String strange;

  VariablesModel(DeviceContext context) {
    this.context = context;
    port = context.port(BlockPort.class);
    services = context.port(VariablesPort.class);
    StorePolicy policy = policy(context);
    failing = number(context, "fail-write", 0, Integer.MAX_VALUE);
    table = new VariableTable(policy, this, this::report);
    variables = new EfiVariables(policy, table);
    state.varying("variables", () -> variables.reset(new LogContents()), table::encode, table::decode);
    state.value("run-time", 0, () -> variables.isRunTime() ? 1 : 0, value -> variables.runTime(value != 0));
    state.value("verifying", 0, () -> variables.isVerifying() ? 1 : 0, value -> variables.verifying(value != 0));
    state.added("verifying");
    state.value("counted", 0, () -> variables.isCounted() ? 1 : 0, value -> variables.counted(value != 0));
    state.varying("log", () -> position = LogPosition.of(Condition.ABSENT, 0), () -> position.toBytes(), this::restorePosition);
    writes = state.cell("writes", 0);
    port.onChange(this::attached);
    services.attach(variables, context);
  }

  private static StorePolicy policy(DeviceContext context) {
    DeviceOptions options = context.options();
    return new StorePolicy(number(context, "maximum-variable-bytes", 1 << 10, LARGEST_VARIABLE),
        number(context, "volatile-bytes", 0, LARGEST_ROOM), number(context, "memory-bytes", 0, LARGEST_ROOM),
        number(context, "hardware-error-bytes", 0, LARGEST_ROOM), options.flag("secure-boot"), options.flag("full"));
  }

  private static int number(DeviceContext context, String option, int least, int most) {
    long value = context.options().number(option);
    if (value < least || value > most) {
      throw new ModelException(context.instance() + ": option " + option + ": expected " + least + " to " + most + ", got " + value);
    }
    return (int) value;
  }

  private void report(String text) {
    context.events().report("variable-store", context.instance(), text);
  }

  /** Another disk, or none: its variables are there, and those of the one before are not. */
  private void attached() {
    open();
    if (disk == null) {
      variables.load(new LogContents());
      position = LogPosition.of(Condition.ABSENT, 0);
      return;
    }
    LogReader.Found found = LogReader.read(disk);
    found.findings().forEach(this::report);
    variables.load(found.contents());
    position = found.position();
    log = new VariableLog(disk, found.position());
  }

  private void open() {
    strange = null;
    log = null;
    disk = port.device() == null ? null : new FailingDisk(port.device(), failing, writes);
  }

  private void restorePosition(byte[] bytes) {
    try {
      position = LogPosition.ofBytes(bytes);
    } catch (IllegalArgumentException e) {
      throw new StateMismatch("log: " + e.getMessage());
    }
  }

  @Override
  public boolean isReadOnly() { return log != null && disk.readOnly(); }

  @Override
  public long capacity() {
    return log == null || log.position().half() == 0 ? -1 : (long) VariableLog.capacity(log.position()) * LogFrame.PAYLOAD;
  }

  @Override
  public void keep(LogRecord change, Supplier<LogContents> after) throws IOException {
    if (strange != null) {
      throw new IOException(strange);
    } else if (log != null) {
      try {
        log.write(change, after);
      } finally {
        position = log.position();
      }
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    attached();
  }

  @Override
  public void restored() {
    open();
    if (disk != null) {
      log = new VariableLog(disk, position);
    }
    if (!isSameDisk()) {
      strange = "the disk isn't the one that the variables are from; reset the machine to use what is on this one";
      report(strange);
    }
  }

  private boolean isSameDisk() {
    if (disk == null) {
      return position.condition() == Condition.ABSENT;
    }
    LogReader.Found found = LogReader.read(disk);
    return found.position().condition() == position.condition()
        && (position.condition() != Condition.READY || found.contents().sameAs(table.kept()));
  }

  @Override
  public void removed() {
    port.onChange(() -> {});
    services.detach(variables);
  }
}
