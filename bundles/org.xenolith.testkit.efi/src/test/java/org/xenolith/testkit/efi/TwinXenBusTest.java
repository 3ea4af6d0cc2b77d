// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.XenBus;

/** The kit's own bus behind functions that change what they are told and what is answered; the correct one changes nothing. */
class TwinXenBusTest extends XenBusContract {
  /** What is wrong with it. */
  enum Defect {
    NONE,
    // READ and WRITE
    SIZE_NOT_SAID, NEEDED_SIZE_NOT_SAID, PART_WHERE_IS_NO_ROOM, SIGNED_ROOM, NUL_BEHIND_THE_VALUE, TEXTS_ONLY, WRITES_LESS,
    LARGE_VALUES_REFUSED, TOO_LARGE_IS_CUT, HUGE_SIZES_OVERFLOW, NOTHING_CANT_BE_WRITTEN, NO_NODE_IS_EMPTY, REMOVES_NOTHING,
    REMOVES_WHAT_ISNT,
    // paths and places
    SHORT_PATHS_ONLY, PATHS_ARE_CUT, PATHS_OF_ANYTHING, LOST_WHERE_IS_NO_MEMORY, BEGUN_FOR_NOBODY, OPENED_FOR_NOBODY, GRANTED_FOR_NOBODY,
    BREAKS_AFTER_AN_ERROR,
    // transactions
    ONE_REASON, BEGIN_WRITES_WHAT_FAILED, TRANSACTIONS_IGNORED, ALWAYS_DONE, ALWAYS_UNDONE, UNDONE_BY_ANY_BIT, TRANSACTIONS_FOR_NOTHING,
    CONFLICTS_ARE_DONE, GIVES_UP_ON_CONFLICTS, LEAVES_CONFLICTS_OPEN, LONG_TRANSACTION_NUMBERS,
    // grants
    ALWAYS_WRITABLE, READ_ONLY_BY_ANY_BIT, ANOTHER_DOMAIN, RESERVED_REFERENCES, LONG_REFERENCES, ENDS_WHAT_ISNT_GRANTED, ENDS_NOTHING,
    ENDS_THE_OTHER, PAGES_OF_32_BITS, NO_MEMORY_IS_GRANTED, REFERENCE_OF_NOTHING, NO_END_OF_REFERENCES, THE_SAME_REFERENCE, MAPPED_IS_ENDED,
    MAPPED_FOR_EVER,
    // channels
    NOTIFIES_WHAT_ISNT_OPEN, CLOSES_WHAT_ISNT_OPEN, CLOSES_NOTHING, CLOSES_OTHERS, EVENTS_ARE_LOST, ONE_PORT, LONG_PORTS,
    // the store
    NO_ANSWER_IS_SUCCESS, NONSENSE_IS_A_TIMEOUT, FAILS_FOR_EVER, ASKS_TWICE, VALUE_OF_NO_ANSWER
  }

  private static final long NOT_GIVEN = 0x5A5A;
  private static final int MOST_PATH = 3072;
  private static final int MOST_MESSAGE = 4096;

  Defect defect = Defect.NONE;

  private final class Twin implements Bus {
    private final Bus correct = new FakeXenBusTest.Correct();
    private final EfiRam memory = correct.firmware().memory();
    private final long device = correct.firmware().room(XenBus.SIZE);
    private boolean lies;
    private boolean broken;
    private boolean wasMapped;
    private int conflicts;
    private long first;
    private long firstPort;

    Twin() {
      memory.write(device, memory.read(correct.device(), XenBus.SIZE));
      for (XenBus function : XenBus.values()) {
        memory.put64(device + function.offset(), correct.firmware().guest(call -> {
          long[] arguments = new long[5];
          for (int i = 0; i < arguments.length; i++) {
            arguments[i] = call.argument(i);
          }
          return EfiStep.done(answer(function, arguments));
        }));
      }
    }

    private EfiStatus ask(XenBus function, long... arguments) {
      long[] all = arguments.clone();
      all[0] = correct.device();
      return EfiStatus.of(correct.firmware().call(memory.get64(correct.device() + function.offset()), all));
    }

    private EfiStatus answer(XenBus function, long[] a) {
      if (broken && (defect == Defect.BREAKS_AFTER_AN_ERROR || defect == Defect.FAILS_FOR_EVER)) {
        return EfiStatus.DEVICE_ERROR;
      }
      EfiStatus status = switch (function) {
        case READ -> read(a);
        case WRITE -> write(a);
        case REMOVE -> remove(a);
        case BEGIN -> begin(a);
        case END -> end(a);
        case GRANT -> grant(a);
        case END_GRANT -> endGrant(a);
        case OPEN -> open(a);
        case NOTIFY -> channel(function, a, defect == Defect.NOTIFIES_WHAT_ISNT_OPEN);
        case CLOSE -> channel(function, a, defect == Defect.CLOSES_WHAT_ISNT_OPEN);
      };
      broken = status == (defect == Defect.FAILS_FOR_EVER ? EfiStatus.TIMEOUT : EfiStatus.INVALID_PARAMETER);
      return status(function, status);
    }

    private EfiStatus status(XenBus function, EfiStatus status) {
      boolean asked = function.ordinal() <= XenBus.END.ordinal();
      return switch (defect) {
        case LOST_WHERE_IS_NO_MEMORY -> status == EfiStatus.INVALID_PARAMETER && function == XenBus.READ ? EfiStatus.SUCCESS : status;
        case ONE_REASON -> status == EfiStatus.ACCESS_DENIED || status == EfiStatus.OUT_OF_RESOURCES && asked ? EfiStatus.DEVICE_ERROR
            : status;
        case NO_ANSWER_IS_SUCCESS -> status == EfiStatus.TIMEOUT ? EfiStatus.SUCCESS : status;
        case NONSENSE_IS_A_TIMEOUT -> lies && status == EfiStatus.DEVICE_ERROR ? EfiStatus.TIMEOUT : status;
        default -> status;
      };
    }

    private void transaction(long[] a) {
      if (defect == Defect.TRANSACTIONS_IGNORED) {
        a[1] = 0;
      } else if (defect == Defect.LONG_TRANSACTION_NUMBERS && a[1] >>> Integer.SIZE != 0) {
        a[1] = -1;
      } else if (defect == Defect.TRANSACTIONS_FOR_NOTHING && a[1] == 0x7777_7777) {
        a[1] = 0;
      }
    }

    private int length(long path) {
      int length = 0;
      while (length <= MOST_PATH && memory.get8(path + length) != 0) {
        length++;
      }
      return length;
    }

    /** The path as a twin with a defect takes it. */
    private EfiStatus path(long[] a) {
      int length = length(a[2]);
      if (defect == Defect.SHORT_PATHS_ONLY && length > 2048) {
        return EfiStatus.INVALID_PARAMETER;
      }
      boolean cut = defect == Defect.PATHS_ARE_CUT && length > MOST_PATH;
      if (cut || defect == Defect.PATHS_OF_ANYTHING && length <= MOST_PATH) {
        byte[] bytes = memory.read(a[2], Math.min(length, MOST_PATH));
        for (int i = 0; i < bytes.length; i++) {
          boolean letter = bytes[i] == '/' || bytes[i] == '_' || bytes[i] == '@' || bytes[i] == '-' || bytes[i] > 0 && Character
              .isLetterOrDigit(bytes[i]);
          bytes[i] = letter ? bytes[i] : (byte) '-';
        }
        a[2] = correct.firmware().room(bytes.length + 1);
        memory.write(a[2], bytes);
      }
      return null;
    }

    private EfiStatus read(long[] a) {
      EfiStatus refused = path(a);
      transaction(a);
      if (refused != null) {
        return refused;
      }
      long room = memory.get64(a[4]);
      if (defect == Defect.SIGNED_ROOM && room < 0) {
        memory.put64(a[4], 0);
      }
      EfiStatus status = ask(XenBus.READ, a);
      long size = memory.get64(a[4]);
      if (status == EfiStatus.NOT_FOUND && defect == Defect.NO_NODE_IS_EMPTY) {
        memory.put64(a[4], 0);
        return EfiStatus.SUCCESS;
      } else if (status == EfiStatus.BUFFER_TOO_SMALL && defect == Defect.PART_WHERE_IS_NO_ROOM) {
        memory.write(a[3], new byte[(int) room]);
      } else if (status == EfiStatus.BUFFER_TOO_SMALL && defect == Defect.NEEDED_SIZE_NOT_SAID || status == EfiStatus.SUCCESS
          && defect == Defect.SIZE_NOT_SAID) {
            memory.put64(a[4], room);
          } else if (status == EfiStatus.SUCCESS && defect == Defect.NUL_BEHIND_THE_VALUE) {
            memory.put8(a[3] + size, 0);
          } else if (status == EfiStatus.SUCCESS && defect == Defect.TEXTS_ONLY) {
            for (long at = a[3]; at < a[3] + size; at++) {
              memory.put8(at, memory.get8(at) > 0x7F ? '?' : memory.get8(at));
            }
          } else if (status == EfiStatus.TIMEOUT && defect == Defect.VALUE_OF_NO_ANSWER) {
            memory.put8(a[3], 0);
          }
      return status;
    }

    private EfiStatus write(long[] a) {
      EfiStatus refused = path(a);
      transaction(a);
      if (refused != null || a[4] == 0 && defect == Defect.NOTHING_CANT_BE_WRITTEN || a[4] > 1024
          && defect == Defect.LARGE_VALUES_REFUSED) {
        return EfiStatus.INVALID_PARAMETER;
      }
      long most = MOST_MESSAGE - length(a[2]) - 1;
      if (defect == Defect.TOO_LARGE_IS_CUT && a[4] > most) {
        a[4] = most;
      } else if (defect == Defect.HUGE_SIZES_OVERFLOW) {
        a[4] = (int) a[4];
      } else if (defect == Defect.WRITES_LESS && a[4] > 1) {
        a[4]--;
      }
      return ask(XenBus.WRITE, a);
    }

    private EfiStatus remove(long[] a) {
      EfiStatus refused = path(a);
      transaction(a);
      if (refused != null) {
        return refused;
      }
      EfiStatus status = defect == Defect.REMOVES_NOTHING ? EfiStatus.SUCCESS : ask(XenBus.REMOVE, a);
      return defect == Defect.REMOVES_WHAT_ISNT && status == EfiStatus.NOT_FOUND ? EfiStatus.SUCCESS : status;
    }

    private EfiStatus begin(long[] a) {
      long place = a[1];
      if (defect == Defect.BEGUN_FOR_NOBODY) {
        a[1] = correct.firmware().room(4);
        EfiStatus status = ask(XenBus.BEGIN, a);
        if (status == EfiStatus.SUCCESS) {
          memory.put32(place, memory.get32(a[1]));
        }
        return status;
      }
      if (defect == Defect.ASKS_TWICE && lies) {
        correct.store().begin();
        correct.store().begin();
      }
      EfiStatus status = ask(XenBus.BEGIN, a);
      if (status != EfiStatus.SUCCESS && status != EfiStatus.INVALID_PARAMETER && defect == Defect.BEGIN_WRITES_WHAT_FAILED) {
        memory.put32(place, 0);
      }
      return status;
    }

    private EfiStatus end(long[] a) {
      if (defect == Defect.TRANSACTIONS_FOR_NOTHING && a[1] == 0x7777_7777) {
        return EfiStatus.SUCCESS;
      }
      if (defect != Defect.TRANSACTIONS_IGNORED) {
        transaction(a);
      }
      a[2] = switch (defect) {
        case ALWAYS_DONE -> 0;
        case ALWAYS_UNDONE -> 1;
        case UNDONE_BY_ANY_BIT -> a[2] != 0 ? 1 : 0;
        default -> a[2];
      };
      EfiStatus status = ask(XenBus.END, a);
      if (status == EfiStatus.NOT_READY) {
        conflicts++;
        if (defect == Defect.LEAVES_CONFLICTS_OPEN) {
          correct.store().begin();
        }
      }
      return status == EfiStatus.NOT_READY && (defect == Defect.CONFLICTS_ARE_DONE || defect == Defect.GIVES_UP_ON_CONFLICTS
          && conflicts > 10) ? defect == Defect.CONFLICTS_ARE_DONE ? EfiStatus.SUCCESS : EfiStatus.DEVICE_ERROR : status;
    }

    private EfiStatus grant(long[] a) {
      long place = a[4];
      a[1] = defect == Defect.ANOTHER_DOMAIN ? 1 : a[1];
      a[3] = switch (defect) {
        case ALWAYS_WRITABLE -> 0;
        case READ_ONLY_BY_ANY_BIT -> a[3] != 0 ? 1 : 0;
        default -> a[3];
      };
      if (defect == Defect.PAGES_OF_32_BITS) {
        a[2] &= 0xFFFF_FFFFL;
      } else if (defect == Defect.NO_MEMORY_IS_GRANTED && a[2] < 1L << Integer.SIZE && a[2] >= 0) {
        try {
          memory.get8(a[2] << 12);
        } catch (RuntimeException e) {
          return EfiStatus.SUCCESS;
        }
      } else if (defect == Defect.GRANTED_FOR_NOBODY) {
        a[4] = correct.firmware().room(4);
      }
      EfiStatus status = ask(XenBus.GRANT, a);
      if (status == EfiStatus.SUCCESS && defect == Defect.GRANTED_FOR_NOBODY) {
        memory.put32(place, memory.get32(a[4]));
      } else if (status == EfiStatus.SUCCESS && defect == Defect.RESERVED_REFERENCES) {
        memory.put32(place, memory.get32(place) - 8);
      } else if (status == EfiStatus.SUCCESS && defect == Defect.LONG_REFERENCES) {
        memory.put64(place, memory.get32(place));
      } else if (status != EfiStatus.SUCCESS && defect == Defect.REFERENCE_OF_NOTHING && memory.get32(place) == NOT_GIVEN) {
        memory.put32(place, 0);
      } else if (status == EfiStatus.OUT_OF_RESOURCES && defect == Defect.NO_END_OF_REFERENCES) {
        memory.put32(place, 8);
        return EfiStatus.SUCCESS;
      } else if (status == EfiStatus.SUCCESS && defect == Defect.THE_SAME_REFERENCE) {
        first = first == 0 ? memory.get32(place) : first;
        memory.put32(place, first);
      }
      return status;
    }

    private EfiStatus endGrant(long[] a) {
      if (defect == Defect.RESERVED_REFERENCES) {
        a[1] += 8;
      } else if (defect == Defect.LONG_REFERENCES && a[1] >>> Integer.SIZE != 0 || wasMapped && defect == Defect.MAPPED_FOR_EVER) {
        return defect == Defect.MAPPED_FOR_EVER ? EfiStatus.NOT_READY : EfiStatus.INVALID_PARAMETER;
      } else if (defect == Defect.ENDS_NOTHING) {
        return correct.grant(a[1] & 0xFFFF_FFFFL) == null ? EfiStatus.INVALID_PARAMETER : EfiStatus.SUCCESS;
      } else if (defect == Defect.ENDS_THE_OTHER && correct.grant(a[1]) != null && correct.grant(a[1] + 1) != null) {
        ask(XenBus.END_GRANT, 0, a[1] + 1);
      }
      EfiStatus status = ask(XenBus.END_GRANT, a);
      wasMapped |= status == EfiStatus.NOT_READY;
      if (status == EfiStatus.NOT_READY && defect == Defect.MAPPED_IS_ENDED) {
        correct.mapped(a[1], false);
        return ask(XenBus.END_GRANT, a);
      }
      return status == EfiStatus.INVALID_PARAMETER && defect == Defect.ENDS_WHAT_ISNT_GRANTED ? EfiStatus.SUCCESS : status;
    }

    private EfiStatus open(long[] a) {
      long place = a[2];
      if (defect == Defect.OPENED_FOR_NOBODY) {
        a[2] = correct.firmware().room(4);
      }
      EfiStatus status = ask(XenBus.OPEN, a);
      if (status == EfiStatus.SUCCESS && defect == Defect.OPENED_FOR_NOBODY) {
        memory.put32(place, memory.get32(a[2]));
      } else if (status == EfiStatus.SUCCESS && defect == Defect.ONE_PORT) {
        firstPort = firstPort == 0 ? memory.get32(place) : firstPort;
        memory.put32(place, firstPort);
      }
      return status;
    }

    private EfiStatus channel(XenBus function, long[] a, boolean any) {
      if (defect == Defect.LONG_PORTS && a[1] >>> Integer.SIZE != 0) {
        return EfiStatus.INVALID_PARAMETER;
      }
      boolean open = correct.ports().contains(a[1] & 0xFFFF_FFFFL);
      if (open && (function == XenBus.CLOSE ? defect == Defect.CLOSES_NOTHING : defect == Defect.EVENTS_ARE_LOST)) {
        return EfiStatus.SUCCESS;
      }
      EfiStatus status = ask(function, a);
      if (open && status != EfiStatus.SUCCESS && defect == Defect.CLOSES_OTHERS) {
        return EfiStatus.SUCCESS;
      }
      return any ? EfiStatus.SUCCESS : status;
    }

    @Override
    public FakeFirmware firmware() {
      return correct.firmware();
    }

    @Override
    public long device() {
      return device;
    }

    @Override
    public FakeGuestStore store() {
      return correct.store();
    }

    @Override
    public void fault(StoreFault now) {
      lies = now != StoreFault.NONE;
      correct.fault(now);
    }

    @Override
    public Grant grant(long reference) {
      return correct.grant(defect == Defect.RESERVED_REFERENCES ? reference + 8 : reference);
    }

    @Override
    public void mapped(long reference, boolean now) {
      correct.mapped(defect == Defect.RESERVED_REFERENCES ? reference + 8 : reference, now);
    }

    @Override
    public long others() {
      return correct.others();
    }

    @Override
    public Set<Long> ports() {
      return correct.ports();
    }

    @Override
    public long events(long port) {
      return correct.events(port);
    }
  }

  @Override
  protected Bus bus() {
    return new Twin();
  }
}
