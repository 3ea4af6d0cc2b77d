// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/** Get and Set Features (NVM Express 1.4, 5.14 and 5.21). No value is saved beyond a controller reset. */
final class NvmeFeatures {
  /** Notice when the disk comes or goes, in the asynchronous event configuration. */
  private static final long NAMESPACE_NOTICES = 1 << 8;
  private static final int NUMBER_OF_QUEUES = 0x07;
  private static final int TEMPERATURE_THRESHOLD = 0x04;
  private static final int VECTOR_CONFIGURATION = 0x09;
  /** I/O queues of each kind, counted from 0, that are granted whatever is asked for. */
  private static final int GRANTED = SubmissionQueues.QUEUES - 2 << 16 | SubmissionQueues.QUEUES - 2;
  private static final int SAVE = 1 << 31;
  private static final int SELECT_DEFAULT = 1;
  private static final int SELECT_SAVED = 2;
  private static final int SELECT_CAPABILITIES = 3;
  private static final int CHANGEABLE = 4;
  private static final int UNDER = 1 << 20;
  /** The over temperature threshold at first, in kelvin; the controller warns at it, too. */
  static final int WARM = 343;

  /** Features that are a value and no more: which bits are kept, and which must be zero. */
  private enum Plain {
    ARBITRATION(0x01, 0xFFFF_FF07L, 0, 7),
    POWER_MANAGEMENT(0x02, 0xE0, 0x1F, 0),
    ERROR_RECOVERY(0x05, 0xFFFF, 1 << 16, 0),
    VOLATILE_WRITE_CACHE(0x06, 1, 0, 1),
    INTERRUPT_COALESCING(0x08, 0xFFFF, 0, 0),
    WRITE_ATOMICITY(0x0A, 1, 0, 0),
    ASYNCHRONOUS_EVENTS(0x0B, 0x1FF, 0, 0);

    private static final Plain[] ALL = values();
    private final int id;
    private final long kept;
    private final long refused;
    private final long initial;

    Plain(int id, long kept, long refused, long initial) {
      this.id = id;
      this.kept = kept;
      this.refused = refused;
      this.initial = initial;
    }
  }

  private final LongCell[] values = new LongCell[Plain.ALL.length];
  private final LongCell over;
  private final LongCell under;
  /** Vectors that aren't to be coalesced, bits. */
  private final LongCell single;
  private final SubmissionQueues queues;

  NvmeFeatures(DeviceState state, SubmissionQueues queues) {
    this.queues = queues;
    for (Plain feature : Plain.ALL) {
      values[feature.ordinal()] = state.cell("feature-0x" + Integer.toHexString(feature.id), feature.initial);
    }
    over = state.cell("feature-over-temperature", WARM);
    under = state.cell("feature-under-temperature", 0);
    single = state.cell("feature-single-vectors", 0);
  }

  /** Whether what is written must reach the medium before the command completes. */
  boolean writesThrough() {
    return !values[Plain.VOLATILE_WRITE_CACHE.ordinal()].isSet();
  }

  /** Whether the driver wants to hear of changed namespaces. */
  boolean namespaceNotices() {
    return (values[Plain.ASYNCHRONOUS_EVENTS.ordinal()].value & NAMESPACE_NOTICES) != 0;
  }

  /** Whether a temperature in kelvin is beyond a threshold. */
  boolean isOutside(int temperature) {
    return temperature >= over.value || temperature <= under.value;
  }

  private static Plain plain(int id) {
    for (Plain feature : Plain.ALL) {
      if (feature.id == id) {
        return feature;
      }
    }
    return null;
  }

  Status get(NvmeCommand command) {
    int id = command.dword(10) & 0xFF;
    int select = command.dword(10) >>> 8 & 7;
    boolean initial = select == SELECT_DEFAULT || select == SELECT_SAVED;
    Plain plain = plain(id);
    if (select > SELECT_CAPABILITIES) {
      return Status.INVALID_FIELD;
    }
    if (plain != null) {
      command.result = (int) (initial ? plain.initial : values[plain.ordinal()].value);
    } else if (id == NUMBER_OF_QUEUES) {
      command.result = GRANTED;
    } else if (id == TEMPERATURE_THRESHOLD && isComposite(command)) {
      boolean isUnder = (command.dword(11) & UNDER) != 0;
      command.result = (int) (initial ? isUnder ? 0 : WARM : (isUnder ? under : over).value);
    } else if (id == VECTOR_CONFIGURATION && vector(command) < Nvme.VECTORS) {
      command.result = vector(command) | (initial ? 0 : (int) (single.value >>> vector(command) & 1) << 16);
    } else {
      return Status.INVALID_FIELD;
    }
    if (select == SELECT_CAPABILITIES) {
      command.result = CHANGEABLE;
    }
    return Status.SUCCESS;
  }

  Status set(NvmeCommand command) {
    int id = command.dword(10) & 0xFF;
    long value = command.dword(11) & 0xFFFF_FFFFL;
    if ((command.dword(10) & SAVE) != 0) {
      return Status.FEATURE_NOT_SAVEABLE;
    }
    Plain plain = plain(id);
    if (plain != null) {
      if ((value & plain.refused) != 0) {
        return Status.INVALID_FIELD;
      }
      values[plain.ordinal()].value = value & plain.kept;
      return Status.SUCCESS;
    }
    return switch (id) {
      case NUMBER_OF_QUEUES -> setQueues(command, value);
      case TEMPERATURE_THRESHOLD -> setThreshold(command, value);
      case VECTOR_CONFIGURATION -> setVector(command, value);
      default -> Status.INVALID_FIELD;
    };
  }

  private Status setQueues(NvmeCommand command, long value) {
    if ((value & 0xFFFF) == 0xFFFF || value >>> 16 == 0xFFFF) {
      return Status.INVALID_FIELD;
    }
    if (queues.anyForIo()) {
      return Status.COMMAND_SEQUENCE_ERROR;
    }
    command.result = GRANTED;
    return Status.SUCCESS;
  }

  /** There is the composite temperature only; "all sensors" is it, too. */
  private static boolean isComposite(NvmeCommand command) {
    int sensor = command.dword(11) >>> 16 & 0xF;
    return (sensor == 0 || sensor == 0xF) && (command.dword(11) >>> 20 & 3) < 2;
  }

  private Status setThreshold(NvmeCommand command, long value) {
    if (!isComposite(command)) {
      return Status.INVALID_FIELD;
    }
    ((value & UNDER) != 0 ? under : over).value = value & 0xFFFF;
    return Status.SUCCESS;
  }

  private static int vector(NvmeCommand command) {
    return command.dword(11) & 0xFFFF;
  }

  private Status setVector(NvmeCommand command, long value) {
    int vector = vector(command);
    if (vector >= Nvme.VECTORS) {
      return Status.INVALID_FIELD;
    }
    single.value = single.value & ~(1L << vector) | (value >>> 16 & 1) << vector;
    return Status.SUCCESS;
  }

  void clear() {
    for (Plain feature : Plain.ALL) {
      values[feature.ordinal()].value = feature.initial;
    }
    over.value = WARM;
    under.value = 0;
    single.value = 0;
  }
}
