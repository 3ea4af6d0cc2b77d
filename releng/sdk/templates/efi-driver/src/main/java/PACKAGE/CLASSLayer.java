// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.InterfaceNumbers;
import org.xenolith.efi.boot.kit.TreeDriverLayer;

/**
 * Disks in flash: EFI_BLOCK_IO_PROTOCOL (UEFI 2.10, 13.9) on the first window of nodes of the device tree, read-only. Handles, device paths, the driver's
 * binding and name, Supported and Stop are the kit's; what this driver does otherwise is here.
 */
final class @CLASS@Layer extends TreeDriverLayer {
  static final String NAME = "@VENDOR@.@NAME@";
  /** Marks its devices, and names them in device paths: VenHw(this, address). */
  static final EfiGuid MARK = EfiGuid.of("@GUID@");
  private static final int BLOCK = 512;
  /** Bytes of a load: the widest. */
  private static final int WORD = 8;
  /** Number of an interface, which the core keeps: where the flash is. A layer has no state of its own. */
  private static final int BASE = 0;
  /** How many an interface has. */
  private static final int NUMBERS = 1;

  /** Steps of a read: its first, and one behind each block that was loaded. A snapshot of a call that is open has the ordinal. */
  private enum Step {
    CHECK, LOADED
  }

  /** Number of a read: bytes that are read. Its ordinal is which of the call's numbers it is. */
  private enum Slot {
    DONE
  }

  @CLASS@Layer() {
    super(MARK, Protocol.BLOCK_IO, "@VENDOR@,@NAME@", "cfi-flash");
  }

  @Override public String name() {
    return NAME;
  }

  /** Count it up when steps or numbers mean something else: then calls that are open end with DEVICE_ERROR and don't go on wrongly. */
  @Override public int version() {
    return 1;
  }

  @Override protected String title() {
    return "@CLASS@ Flash Disk Driver";
  }

  /** What can fail comes before what would have to be undone: a Start that fails leaves nothing. */
  @Override protected EfiStep start(Call call, long driver, long controller, long remaining) {
    Firmware firmware = call.firmware();
    long base = tryOpen(call, driver, controller, MARK);
    long blocks = device(firmware.tree(), base).size() / BLOCK;
    if (blocks < 1) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long block = firmware.interfaceMemory(this, BlockMedia.SIZE, NUMBERS);
    firmware.numbers(this, block)[BASE] = base;
    BlockMedia.write(firmware.memory(), block, 0, BLOCK, blocks, false, true);
    pointers(firmware, block + BlockMedia.FUNCTIONS, BlockMedia.functions());
    open(call, driver, controller, MARK);
    firmware.handles().install(controller, Protocol.BLOCK_IO, block);
    return EfiStep.done();
  }

  @Override protected EfiFunction other(String name) {
    return switch (name) {
      case "Reset", "FlushBlocks" -> nothingToDo(NUMBERS);
      case "ReadBlocks" -> this::read;
      case "WriteBlocks" -> this::write;
      default -> null;
    };
  }

  /**
   * Arguments: this, medium, first block, bytes, buffer. A step asks for a block: loads that code of the guest makes, so that a hypervisor, a watchpoint and
   * a trace see them. The next step has what they gave. Whatever happens between two steps, the call's numbers say where it is.
   */
  private EfiStep read(Call call) {
    EfiRam memory = call.firmware().memory();
    long base = InterfaceNumbers.of(call, this, NUMBERS)[BASE]; // INVALID_PARAMETER by itself if the caller made the interface up, or took another for it
    if (call.isAt(Step.CHECK)) {
      EfiStatus refused = BlockMedia.check(call);
      if (refused != EfiStatus.SUCCESS) {
        return EfiStep.done(refused);
      }
    } else {
      for (int i = 0; i < BLOCK / WORD; i++) {
        memory.put64(call.argument(4) + call.get(Slot.DONE) + (long) i * WORD, call.accessed(i));
      }
      call.set(Slot.DONE, call.get(Slot.DONE) + BLOCK);
    }
    if (call.get(Slot.DONE) == call.argument(3)) {
      return EfiStep.done();
    }
    List<EfiAccess> loads = new ArrayList<>();
    for (int i = 0; i < BLOCK / WORD; i++) {
      loads.add(EfiAccess.read(WORD, base + call.argument(2) * BLOCK + call.get(Slot.DONE) + (long) i * WORD));
    }
    return new EfiStep.Touch(Step.LOADED, loads);
  }

  private EfiStep write(Call call) {
    InterfaceNumbers.of(call, this, NUMBERS);
    return EfiStep.done(EfiStatus.WRITE_PROTECTED);
  }
}
