// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenbus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.xenbus.XenBusLayer.Slot;
import org.xenolith.efi.xenbus.XenBusLayer.Step;
import org.xenolith.xen.abi.StoreMessage;

/** Finds the devices of a domain in its store: {@code device/TYPE/NUMBER} (Xen, docs/misc/xenstore-paths.pandoc). Steps of the bus's Start. */
final class Enumeration {
  /** As many as there are lists. */
  private static final int PAGES = 3;
  /** Characters of a type: whatever longer names a store has, a path has room where {@link Slot#ROOM} leads. */
  private static final int MOST_TYPE = 128;
  /** Devices of one type that are looked at. */
  private static final int MOST = 64;

  private final XenBusLayer layer;

  Enumeration(XenBusLayer layer) {
    this.layer = layer;
  }

  EfiStep begin(Call call) {
    call.set(Slot.LISTS, call.firmware().pages(PAGES));
    return directory(call, Step.KEEP_TYPES, "device");
  }

  private EfiStep ask(Call call, Step next, int type, String path) {
    byte[] text = (path + '\0').getBytes(StandardCharsets.US_ASCII);
    call.firmware().memory().write(call.get(Slot.ROOM), text);
    return layer.exchange(call, next, call.get(Slot.BUS), type, 0, call.get(Slot.ROOM), text.length);
  }

  private EfiStep directory(Call call, Step next, String path) {
    return ask(call, next, StoreMessage.XS_DIRECTORY, path);
  }

  /** Keeps an answer as one of the lists; how long it is. */
  private long keep(Call call, int list) {
    Firmware firmware = call.firmware();
    long[] bus = firmware.numbers(layer, call.get(Slot.BUS));
    long length = call.result() == 0 ? Math.min(bus[Bus.LENGTH], Bus.PAGE) : 0;
    firmware.memory().write(call.get(Slot.LISTS) + (long) list * Bus.PAGE, firmware.memory().read(Bus.answer(bus), (int) length));
    return length;
  }

  private static List<String> list(EfiRam memory, long at, long length, int mostCharacters) {
    return Arrays.stream(new String(memory.read(at, (int) length), StandardCharsets.US_ASCII).split("\0")).filter(text -> !text.isEmpty()
        && text.length() <= mostCharacters).limit(MOST).toList();
  }

  private List<String> types(Call call) {
    return list(call.firmware().memory(), call.get(Slot.LISTS), call.get(Slot.TYPES_LENGTH), MOST_TYPE);
  }

  private List<String> devices(Call call) {
    return list(call.firmware().memory(), call.get(Slot.LISTS) + Bus.PAGE, call.get(Slot.DEVICES_LENGTH), Bus.PAGE);
  }

  private String node(Call call) {
    return "device/" + types(call).get((int) call.get(Slot.TYPE)) + '/' + devices(call).get((int) call.get(Slot.DEVICE));
  }

  EfiStep next(Call call, long controller, long driver) {
    Firmware firmware = call.firmware();
    EfiRam memory = firmware.memory();
    switch (Step.of(call)) {
      case KEEP_TYPES -> {
        if (call.result() != 0 && call.result() != EfiStatus.NOT_FOUND.code()) {
          firmware.report("XenBus: the domain's devices can't be listed: " + EfiStatus.of(call.result()));
        }
        call.set(Slot.TYPES_LENGTH, keep(call, 0));
        call.set(Slot.TYPE, 0);
        return new EfiStep.Go(Step.LIST_DEVICES);
      }
      case LIST_DEVICES -> {
        if (call.get(Slot.TYPE) == types(call).size()) {
          firmware.freePages(call.get(Slot.LISTS), PAGES);
          return EfiStep.done();
        }
        return directory(call, Step.KEEP_DEVICES, "device/" + types(call).get((int) call.get(Slot.TYPE)));
      }
      case KEEP_DEVICES -> {
        call.set(Slot.DEVICES_LENGTH, keep(call, 1));
        call.set(Slot.DEVICE, -1);
        return new EfiStep.Go(Step.READ_BACKEND);
      }
      case READ_BACKEND -> {
        call.set(Slot.DEVICE, call.get(Slot.DEVICE) + 1);
        if (call.get(Slot.DEVICE) == devices(call).size()) {
          call.set(Slot.TYPE, call.get(Slot.TYPE) + 1);
          return new EfiStep.Go(Step.LIST_DEVICES);
        }
        return devices(call).get((int) call.get(Slot.DEVICE)).matches("[0-9]{1,9}") ? ask(call, Step.READ_BACKEND_DOMAIN,
            StoreMessage.XS_READ, node(call) + "/backend")
            : new EfiStep.Go(Step.READ_BACKEND);
      }
      case READ_BACKEND_DOMAIN -> {
        if (call.result() != 0) {
          return new EfiStep.Go(Step.READ_BACKEND);
        }
        long length = keep(call, 2);
        memory.put8(call.get(Slot.LISTS) + 2L * Bus.PAGE + Math.min(length, Bus.PAGE - 1), 0);
        return ask(call, Step.ADD_DEVICE, StoreMessage.XS_READ, node(call) + "/backend-id");
      }
      default -> {
        long[] bus = firmware.numbers(layer, call.get(Slot.BUS));
        long domain = call.result() == 0 ? XenBusLayer.number(memory, Bus.answer(bus), bus[Bus.LENGTH]) : -1;
        List<String> backend = list(memory, call.get(Slot.LISTS) + 2L * Bus.PAGE, Bus.PAGE, Bus.PAGE);
        if (domain >= 0 && domain < 0x7FF0 && !backend.isEmpty() && backend.getFirst().length() < Bus.PAGE / 2) {
          layer.add(firmware, call.get(Slot.BUS), controller, driver, types(call).get((int) call.get(Slot.TYPE)), devices(call).get(
              (int) call.get(
                  Slot.DEVICE)), backend.getFirst(), domain);
        }
        return new EfiStep.Go(Step.READ_BACKEND);
      }
    }
  }
}
