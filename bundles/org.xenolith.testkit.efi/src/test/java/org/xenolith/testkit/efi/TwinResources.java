// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.HashMap;
import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.testkit.efi.TwinPciIoResourceTest.Defect;

/** Memory for devices, attributes and descriptions of BARs, of a {@link TwinFunction}. */
final class TwinResources {
  private static final long MAPPING = 0x7700;
  private static final long DEVICE = 0x700;
  private static final long OF_MEMORY = 0x880;
  private static final long ABOVE_4_GIB = 0x8000;
  private static final int SIZE = 48;
  private static final int COMMAND = 4;
  private static final long UNSIGNED = 0xFFFF_FFFFL;
  /** What is added to be where the function sees it. */
  private static final long OFFSET = -0x1000_0000L;

  private final TwinFunction function;
  private final Defect defect;
  private final FakeFirmware firmware;
  private final EfiRam ram;
  private final Map<Long, Long> given = new HashMap<>();

  TwinResources(TwinFunction function, Defect defect) {
    this.function = function;
    this.defect = defect;
    firmware = function.firmware();
    ram = firmware.memory();
  }

  private interface Done {
    EfiStatus call(Call call);
  }

  private void function(int at, Done done) {
    ram.put64(function.protocol() + at, firmware.guest(call -> EfiStep.done(done.call(call))));
  }

  /** Puts pointers into the protocol. */
  void functions() {
    function(72, this::map);
    function(80, this::unmap);
    function(88, this::allocate);
    function(96, this::free);
    function(104, call -> defect == Defect.NO_FLUSH ? EfiStatus.UNSUPPORTED : EfiStatus.SUCCESS);
    function(120, this::attributes);
    ram.put64(function.protocol() + 128, firmware.guest(this::describe));
    function(136, this::setBar);
  }

  /** Arguments: this, operation, address, bytes, device's address, mapping. */
  private EfiStatus map(Call call) {
    long operation = call.argument(1) & UNSIGNED;
    long host = call.argument(2);
    boolean pointers = host != 0 && call.argument(3) != 0 && call.argument(4) != 0 && call.argument(5) != 0;
    if (operation >= (defect == Defect.MAPS_FOR_64_BITS ? 6 : 3) || !pointers) {
      return EfiStatus.INVALID_PARAMETER;
    }
    long bytes = ram.get64(call.argument(3));
    boolean there = switch (defect) {
      case MAPS_ANYWHERE -> true;
      case MAPS_ACROSS_THE_END -> TwinFunction.isMemory(firmware, host, 1);
      case MAPS_ACROSS_GAPS -> TwinFunction.isMemory(firmware, host, 1) && TwinFunction.isMemory(firmware, host + bytes - 1, 1);
      case MAPS_NEGATIVE_SIZES -> TwinFunction.isMemory(firmware, host, Math.max(bytes, 0));
      default -> TwinFunction.isMemory(firmware, host, bytes);
    };
    if (!there) {
      return EfiStatus.DEVICE_ERROR;
    }
    if (defect == Defect.MAPS_LESS_SILENTLY) {
      ram.put64(call.argument(3), bytes / 2);
    }
    ram.put64(call.argument(4), defect == Defect.MAPS_ELSEWHERE ? host + 4096 : host);
    ram.put64(call.argument(5), MAPPING);
    return EfiStatus.SUCCESS;
  }

  private EfiStatus unmap(Call call) {
    long mapping = call.argument(1);
    if (mapping == MAPPING) {
      return defect == Defect.UNMAP_FAILS ? EfiStatus.DEVICE_ERROR : EfiStatus.SUCCESS;
    }
    if (defect == Defect.UNMAP_FREES) {
      call.firmware().freePages(mapping, 1);
    }
    if (defect == Defect.UNMAP_CLEARS) {
      ram.put64(mapping, 0);
    }
    return EfiStatus.INVALID_PARAMETER;
  }

  /** Arguments: this, type, kind of memory, pages, address, attributes. */
  private EfiStatus allocate(Call call) {
    long kind = call.argument(2) & UNSIGNED;
    long others = call.argument(5) & ~(OF_MEMORY | (defect == Defect.ALLOCATES_ABOVE_4_GIB ? ABOVE_4_GIB : 0));
    if (kind != 4 && kind != 6 && defect != Defect.ALLOCATES_ANY_KIND || call.argument(4) == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (others != 0 && defect != Defect.ALLOCATES_WITH_ANY_ATTRIBUTE) {
      return EfiStatus.UNSUPPORTED;
    }
    if (defect != Defect.ALLOCATES_FOR_NOBODY) {
      ram.get64(call.argument(4));
    }
    long pages = firmware.pages(defect == Defect.PAGES_OF_32_BITS ? (int) call.argument(3) : call.argument(3));
    if (given.isEmpty() || defect != Defect.KNOWS_ONE_BUFFER) {
      given.put(pages, call.argument(3));
    }
    ram.put64(call.argument(4), pages);
    return EfiStatus.SUCCESS;
  }

  /** Arguments: this, pages, address. */
  private EfiStatus free(Call call) {
    long pages = call.argument(2);
    boolean known = switch (defect) {
      case FREES_FEWER -> given.containsKey(pages);
      case FREES_PARTS -> given.containsKey(pages & -8192);
      case FREES_OTHERS -> !given.containsKey(pages) && !given.containsKey(pages - 4096) || given.get(pages) != null && given.get(pages)
          == call.argument(1);
      default -> given.containsKey(pages) && given.get(pages) == call.argument(1);
    };
    if (!known) {
      return defect == Defect.FREES_AGAIN && call.argument(1) == 2 ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    try {
      firmware.freePages(pages, defect == Defect.FREES_FEWER ? 2 : call.argument(1));
    } catch (EfiError e) {
      return EfiStatus.INVALID_PARAMETER;
    }
    given.remove(pages);
    return EfiStatus.SUCCESS;
  }

  private long command() {
    return function.configuration()[COMMAND];
  }

  private long supported() {
    return switch (defect) {
      case SUPPORTS_NOTHING -> 0;
      case SUPPORTS_ANYTHING -> -1;
      default -> DEVICE;
    };
  }

  /** Arguments: this, operation, attributes, result. */
  private EfiStatus attributes(Call call) {
    long operation = defect == Defect.NEGATIVE_OPERATION_GETS ? Math.max((int) call.argument(1), 0) : call.argument(1) & UNSIGNED;
    long attributes = defect == Defect.ATTRIBUTES_OF_32_BITS ? call.argument(2) & UNSIGNED : call.argument(2);
    if (operation == 0 || operation == 4) {
      long said = operation == 4 || defect == Defect.GETS_WHAT_IT_SUPPORTS ? supported() : (command() & 7) << 8;
      return result(call.argument(3), said);
    }
    if (operation > 4) {
      return defect == Defect.ANY_OPERATION ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if ((attributes & ~supported()) != 0) {
      if (defect == Defect.SETS_THEN_REFUSES) {
        function.configuration()[COMMAND] |= (byte) (attributes >>> 8 & 7);
      }
      if (defect != Defect.SETS_ANY_ATTRIBUTE && (operation != 3 || defect != Defect.DISABLES_ANY_ATTRIBUTE)) {
        return EfiStatus.UNSUPPORTED;
      }
    }
    change(operation, attributes >>> 8 & 7);
    return EfiStatus.SUCCESS;
  }

  private void change(long operation, long bits) {
    long before = command() & (defect == Defect.CLEARS_OTHERS ? 7 : -1);
    boolean sets = operation == 1 && defect != Defect.SET_ENABLES || operation == 2 && defect == Defect.ENABLE_SETS;
    long now = sets ? before & ~7 | bits : operation != 3 ? before | bits : before & ~(defect == Defect.DISABLES_ALL ? 7 : bits);
    if (defect != Defect.NOT_IN_THE_REGISTER) {
      function.configuration()[COMMAND] = (byte) now;
    }
  }

  private EfiStatus result(long place, long value) {
    if (place == 0) {
      return defect == Defect.NO_RESULT_IS_FINE ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
    }
    if (defect == Defect.RESULT_ANYWHERE && !TwinFunction.isMemory(firmware, place, 8)) {
      return EfiStatus.SUCCESS;
    }
    ram.put64(place, value);
    if (defect == Defect.RESULT_OF_128_BITS) {
      ram.put64(place + 8, 0);
    }
    return EfiStatus.SUCCESS;
  }

  private boolean has(long index, boolean anyBar) {
    long bar = index & 0xFF;
    return bar < 2 || anyBar || bar == 0xFF && defect == Defect.DESCRIBES_PASS_THROUGH;
  }

  /** Arguments: this, BAR, where attributes go, where the pointer to the description goes. */
  private EfiStep describe(Call call) {
    long attributes = call.argument(2);
    long to = call.argument(3);
    if (attributes == 0 && to == 0) {
      return EfiStep.done(defect == Defect.NOTHING_IS_A_DESCRIPTION ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER);
    }
    if (!has(call.argument(1), defect == Defect.DESCRIBES_ANY_BAR)) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    if (call.step() == 0) {
      if (attributes != 0) {
        ram.put64(attributes, 0);
      }
      if (to == 0 && defect == Defect.DESCRIBED_WITH_ATTRIBUTES_ONLY) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      if (to == 0 && defect != Defect.DESCRIBED_FOR_NOBODY) {
        return EfiStep.done();
      }
      if (to != 0 && defect != Defect.POINTER_CHECKED_LATE) {
        ram.put64(to, 0);
      }
      call.set(0, call.room(8));
      return EfiStep.call(1, firmware.service(BootService.ALLOCATE_POOL), 4, SIZE, call.get(0));
    }
    if (call.result() != 0) {
      return EfiStep.done(defect == Defect.NO_POOL_IS_FINE ? 0 : call.result());
    }
    long at = defect == Defect.NOT_OF_THE_POOL ? firmware.room(SIZE) : ram.get64(call.get(0));
    descriptor(at, (call.argument(1) & 0xFF) == 1);
    if (to != 0) {
      ram.put64(to, at);
    }
    return EfiStep.done();
  }

  private void descriptor(long at, boolean io) {
    long size = io ? function.ports().length : function.memory().length;
    long first = (io ? 0x2000 : 0x8000_1000L) - (defect == Defect.NOT_WHERE_IT_IS ? 0 : OFFSET);
    ram.put8(at, 0x8A);
    ram.put16(at + 1, 43);
    ram.put8(at + 3, io && defect != Defect.MEMORY_FOR_PORTS ? 1 : 0);
    ram.put64(at + 6, 32);
    ram.put64(at + 14, first);
    ram.put64(at + 22, first + size - (defect == Defect.ONE_BYTE_MORE ? 0 : 1));
    ram.put64(at + 30, OFFSET);
    ram.put64(at + 38, size);
    ram.put8(at + 46, defect == Defect.NO_END ? 0 : 0x79);
  }

  /** Arguments: this, attributes, BAR, pointer to the offset, pointer to the length. */
  private EfiStatus setBar(Call call) {
    long attributes = defect == Defect.BAR_ATTRIBUTES_OF_32_BITS ? call.argument(1) & UNSIGNED : call.argument(1);
    boolean skipped = call.argument(3) == 0 ? defect == Defect.NO_OFFSET_IS_FINE : call.argument(4) == 0
        && defect == Defect.NO_LENGTH_IS_FINE;
    if (skipped) {
      return EfiStatus.SUCCESS;
    }
    if (call.argument(3) == 0 || call.argument(4) == 0) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (call.argument(2) > 1) {
      return defect == Defect.SETS_ATTRIBUTES_OF_ANY_BAR ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED;
    }
    long offset = ram.get64(call.argument(3));
    long length = ram.get64(call.argument(4));
    long size = function.memory().length;
    boolean there = switch (defect) {
      case RANGES_OF_ANY_SIZE -> true;
      case RANGES_WRAP -> offset + length <= size;
      default -> offset >= 0 && length >= 0 && length <= size && offset <= size - length;
    };
    return there && (attributes == 0 || defect == Defect.BAR_WITH_ANY_ATTRIBUTE) ? EfiStatus.SUCCESS : EfiStatus.UNSUPPORTED;
  }
}
