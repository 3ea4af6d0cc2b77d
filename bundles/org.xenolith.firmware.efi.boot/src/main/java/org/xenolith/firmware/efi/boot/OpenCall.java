// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.Firmware;

/** A call that is open: all that is known of it, so that it can be saved between any two traps. */
final class OpenCall implements Call {
  private static final int MOST_ROOM = 1 << 14;
  private static final int STACK_ALIGNMENT = 16;

  private final BootFirmware firmware;
  /** Number of the function. */
  final int function;
  final long[] arguments;
  /** The frame of the guest's that it was called by, or by which who called it was. */
  final long frame;
  /** Whether a guest called it, who is returned to; else the activity below did. */
  final boolean entered;
  /** Whether an exception entered, which is returned from. */
  boolean exception;
  /** Version of the layer that it began with. */
  int version;
  int step;
  /** Where the guest's stack ends that is in use. */
  long stack;
  long result;
  private final long[] slots = new long[NUMBERS];
  private long[] accessed = {};
  /** The list of accesses that is being worked through; 0 if there is none. */
  private long list;
  private int listed;
  /** The counter's value that is waited for; 0: it doesn't wait. */
  long until;
  /** The counter's value when it was entered. */
  private long since;
  /** The task priority level that is to be when it is over; -1 if it has lifted none. */
  private int level = -1;

  OpenCall(BootFirmware firmware, int function, long[] arguments, long frame, boolean entered, long stack) {
    this.firmware = firmware;
    this.function = function;
    this.arguments = arguments;
    this.frame = frame;
    this.entered = entered;
    this.stack = stack;
    since = firmware.counter();
  }

  @Override
  public Firmware firmware() {
    return firmware;
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public long argument(int index) {
    if (index < arguments.length) {
      return arguments[index];
    }
    return entered ? firmware.memory().get64(frame + firmware.program().argument(index)) : 0;
  }

  @Override
  public long result() {
    return result;
  }

  @Override
  public long accessed(int index) {
    return accessed[index];
  }

  @Override
  public long get(int index) {
    return slots[index];
  }

  @Override
  public void set(int index, long value) {
    slots[index] = value;
  }

  @Override
  public long room(int bytes) {
    if (bytes <= 0 || bytes > MOST_ROOM) {
      throw new EfiError(EfiStatus.OUT_OF_RESOURCES, bytes + " bytes of stack");
    }
    stack = stack - bytes & -STACK_ALIGNMENT;
    firmware.memory().clear(stack, bytes);
    return stack;
  }

  @Override
  public void raise(int wanted) {
    keepLevel();
    if (firmware.events().level() < wanted) {
      firmware.events().level(wanted);
    }
  }

  /** Has the task priority level be what it is when the call is over. */
  void keepLevel() {
    level = level < 0 ? firmware.events().level() : level;
  }

  /** It is over. */
  void over() {
    if (level >= 0) {
      firmware.events().level(level);
    }
  }

  @Override
  public boolean isBusy(int index, long value) {
    return firmware.engine().isBusy(this, index, value);
  }

  /** For how long it has been open, in microseconds. */
  long microseconds() {
    return Math.max(0, firmware.counter() - since) * 1_000_000 / Math.max(1, firmware.frequency());
  }

  /** Says that a list is worked through. */
  void touching(long address, int count) {
    list = address;
    listed = count;
  }

  /** A function of the guest's has returned, or the routine that touches hardware. */
  void returned(long value) {
    if (list == 0) {
      result = value;
      return;
    }
    accessed = new long[listed];
    for (int i = 0; i < listed; i++) {
      accessed[i] = firmware.memory().get64(list + (long) FirmwareProgram.ACCESS * i + 16);
    }
    list = 0;
  }

  void save(LongWriter out) {
    out.put(function).put(arguments).put(frame).put(entered ? 1 : 0).put(exception ? 1 : 0).put(version).put(step).put(stack).put(result)
        .put(slots).put(
            accessed).put(list).put(listed).put(until).put(since).put(level);
  }

  static OpenCall restore(BootFirmware firmware, LongReader in) {
    int function = in.getInt();
    long[] arguments = in.longs();
    long frame = in.get();
    boolean entered = in.get() != 0;
    boolean exception = in.get() != 0;
    int version = in.getInt();
    int step = in.getInt();
    OpenCall activity = new OpenCall(firmware, function, arguments, frame, entered, in.get());
    activity.exception = exception;
    activity.version = version;
    activity.step = step;
    activity.result = in.get();
    long[] slots = in.longs();
    System.arraycopy(slots, 0, activity.slots, 0, Math.min(NUMBERS, slots.length));
    activity.accessed = in.longs();
    activity.list = in.get();
    activity.listed = in.getInt();
    activity.until = in.get();
    activity.since = in.get();
    activity.level = in.getInt();
    return activity;
  }
}
