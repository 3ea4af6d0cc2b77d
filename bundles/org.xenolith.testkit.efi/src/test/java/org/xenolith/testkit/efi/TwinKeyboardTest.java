// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;

/** A queue of keys; the correct one keeps the contract. */
class TwinKeyboardTest extends TextInputContract {
  /** What is wrong with it. */
  enum Defect {
    NONE, LAST_FIRST, SUCCESS_WITHOUT_A_KEY, KEY_STAYS, EXTENDED_KEY_STAYS, UP_IS_A_CHARACTER, WRITES_TOO_MUCH, STATES_ARE_MADE_UP,
    RESET_KEEPS_KEYS, LOSES_KEYS, NO_EVENT, NO_STATE, STATE_TAKES_KEYS, ONE_HANDLE, ANY_HANDLE, NO_FUNCTION, KEEPS_NOTIFICATIONS
  }

  private static final long NOWHERE = 0x10;

  Defect defect = Defect.NONE;

  private final class Twin implements Keyboard {
    private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
    private final EfiRam memory = firmware.memory();
    private final long input = firmware.room(24);
    private final long extended = firmware.room(48);
    private final ArrayDeque<Integer> keys = new ArrayDeque<>();
    private final Set<Long> notifications = new HashSet<>();

    Twin() {
      memory.put64(input, firmware.guest(this::reset));
      memory.put64(extended, firmware.guest(this::reset));
      memory.put64(input + 8, firmware.guest(call -> EfiStep.done(read(call, false))));
      memory.put64(extended + 8, firmware.guest(call -> EfiStep.done(read(call, true))));
      memory.put64(input + 16, 1);
      memory.put64(extended + 16, defect == Defect.NO_EVENT ? 0 : 1);
      memory.put64(extended + 24, firmware.guest(this::setState));
      memory.put64(extended + 32, firmware.guest(call -> EfiStep.done(register(call))));
      memory.put64(extended + 40, firmware.guest(call -> EfiStep.done(unregister(call))));
    }

    private EfiStep reset(Call call) {
      if (defect != Defect.RESET_KEEPS_KEYS) {
        keys.clear();
      }
      return EfiStep.done();
    }

    private EfiStatus read(Call call, boolean more) {
      if (defect == Defect.LOSES_KEYS && call.argument(1) == NOWHERE) {
        keys.poll();
      }
      memory.get64(call.argument(1));
      if (more) {
        memory.put32(call.argument(1) + 4, defect == Defect.STATES_ARE_MADE_UP ? 0x8000_0000L : 0);
        memory.put8(call.argument(1) + 8, 0);
      }
      if (keys.isEmpty()) {
        return defect == Defect.SUCCESS_WITHOUT_A_KEY ? EfiStatus.SUCCESS : EfiStatus.NOT_READY;
      }
      boolean stays = defect == Defect.KEY_STAYS || defect == Defect.EXTENDED_KEY_STAYS && more;
      int key = defect == Defect.LAST_FIRST ? keys.removeLast() : stays ? keys.peek() : keys.remove();
      memory.put32(call.argument(1), key);
      if (defect == Defect.WRITES_TOO_MUCH) {
        memory.put8(call.argument(1) + (more ? 12 : 4), 0);
      }
      return EfiStatus.SUCCESS;
    }

    private EfiStep setState(Call call) {
      if (defect == Defect.STATE_TAKES_KEYS) {
        keys.clear();
      }
      return EfiStep.done(defect == Defect.NO_STATE ? EfiStatus.DEVICE_ERROR : EfiStatus.UNSUPPORTED);
    }

    private EfiStatus register(Call call) {
      memory.get64(call.argument(1));
      memory.get64(call.argument(3));
      if (call.argument(2) == 0 && defect != Defect.NO_FUNCTION) {
        return EfiStatus.INVALID_PARAMETER;
      }
      long handle = defect == Defect.ONE_HANDLE ? extended + 1 : firmware.pages(1);
      notifications.add(handle);
      memory.put64(call.argument(3), handle);
      return EfiStatus.SUCCESS;
    }

    private EfiStatus unregister(Call call) {
      if (!notifications.remove(call.argument(1))) {
        return defect == Defect.ANY_HANDLE ? EfiStatus.SUCCESS : EfiStatus.INVALID_PARAMETER;
      }
      if (defect != Defect.KEEPS_NOTIFICATIONS && defect != Defect.ONE_HANDLE) {
        firmware.freePages(call.argument(1), 1);
      }
      return EfiStatus.SUCCESS;
    }

    @Override
    public FakeFirmware firmware() {
      return firmware;
    }

    @Override
    public long input() {
      return input;
    }

    @Override
    public long extended() {
      return extended;
    }

    @Override
    public void types(String text) {
      text.chars().forEach(each -> keys.add(each << 16));
    }

    @Override
    public void pressesUp() {
      keys.add(defect == Defect.UP_IS_A_CHARACTER ? 0x1B << 16 : 1);
    }

    @Override
    public boolean knowsHeldKeys() {
      return false;
    }
  }

  @Override
  protected Keyboard keyboard() {
    return new Twin();
  }
}
