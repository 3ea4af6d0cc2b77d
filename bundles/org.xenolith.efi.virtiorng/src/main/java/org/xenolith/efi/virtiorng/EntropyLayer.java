// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtiorng;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.VirtioDriverLayer;
import org.xenolith.efi.boot.kit.VirtioQueue;

/** EFI_RNG_PROTOCOL (UEFI 2.10, 37.5) on virtio entropy devices (Virtio 1.2, 5.4). */
final class EntropyLayer extends VirtioDriverLayer {
  /** The algorithm: what a device gives, without a generator of ours behind it. */
  static final EfiGuid RAW = EfiGuid.of("e43176d7-b6e8-4827-b784-7ffdc4b68561");
  private static final int ENTROPY_DEVICE = 4;
  private static final long PIECE = 1 << 16;
  private static final String DEVICE = "virtio entropy device";
  /** Numbers of a call: bytes that are there, and that were asked for. */
  private enum Slot {
    DONE, NOW
  }

  /** Steps: the device is asked, it is looked whether it has answered as often as it hasn't, and then it is asked for more. */
  private enum Step {
    BEGIN, LOOK, LOOK_AGAIN, MORE
  }

  EntropyLayer() {
    super(ENTROPY_DEVICE, 0, Protocol.RNG, new int[] {0});
  }

  @Override
  public String name() {
    return "efi.virtiorng";
  }

  @Override
  public int version() {
    return 4;
  }

  @Override
  protected String title() {
    return "Virtio Entropy Driver";
  }

  @Override
  protected int size() {
    return 16;
  }

  @Override
  protected int numbers() {
    return 0;
  }

  @Override
  protected boolean describe(Firmware firmware, long controller, long place, long[] values) {
    pointers(firmware, place, "GetInfo", "GetRNG");
    return true;
  }

  @Override
  protected EfiFunction offered(String name) {
    return switch (name) {
      case "GetInfo" -> this::information;
      case "GetRNG" -> this::random;
      default -> null;
    };
  }

  /** Arguments: this, size of the list, the list. */
  private EfiStep information(Call call) {
    interfaceNumbers(call);
    EfiRam memory = call.firmware().memory();
    if (call.argument(1) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    long room = memory.get64(call.argument(1));
    memory.put64(call.argument(1), EfiGuid.SIZE);
    if (room >= 0 && room < EfiGuid.SIZE) {
      return EfiStep.done(EfiStatus.BUFFER_TOO_SMALL);
    }
    if (call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    memory.write(call.argument(2), RAW.toBytes());
    return EfiStep.done();
  }

  /** Arguments: this, the algorithm's GUID or 0, bytes, where they go. */
  private EfiStep random(Call call) {
    VirtioQueue queue = new VirtioQueue(interfaceNumbers(call), 0);
    EfiRam memory = call.firmware().memory();
    long size = call.argument(2);
    if (call.isAt(Step.BEGIN)) {
      if (size <= 0 || call.argument(3) == 0) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      if (call.argument(1) != 0 && !memory.guid(call.argument(1)).equals(RAW)) {
        return EfiStep.done(EfiStatus.UNSUPPORTED);
      }
      call.firmware().requireMemory(call.argument(3), size); // a device would be told to go to where there is none, and not used again
    } else if (!call.isAt(Step.MORE)) {
      EfiStep step = queue.poll(call, Step.LOOK_AGAIN, DEVICE);
      if (step != null) {
        return step;
      }
      long written = queue.written(memory);
      if (written < 1 || written > call.get(Slot.NOW)) {
        return EfiStep.done(queue.broken(call.firmware(), DEVICE + ": says that it wrote " + written + " bytes of " + call.get(Slot.NOW),
            EfiStatus.DEVICE_ERROR));
      }
      call.set(Slot.DONE, call.get(Slot.DONE) + written);
      return call.get(Slot.DONE) == size ? EfiStep.done() : new EfiStep.Go(Step.MORE);
    }
    EfiStep first = queue.begin(call, Call.TPL_NOTIFY, DEVICE);
    if (first != null) {
      return first;
    }
    call.set(Slot.NOW, Math.min(PIECE, size - call.get(Slot.DONE)));
    return queue.send(call, Step.LOOK, new VirtioQueue.Buffer(call.argument(3) + call.get(Slot.DONE), call.get(Slot.NOW), true));
  }
}
