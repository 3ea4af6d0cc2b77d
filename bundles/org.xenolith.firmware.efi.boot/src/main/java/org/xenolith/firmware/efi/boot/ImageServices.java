// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.kit.EfiMemoryType;

/** Images are loaded, started and left (UEFI 2.10, 7.4). */
final class ImageServices {
  private static final int MOST_FILE = 1 << 29;

  /** Numbers of LoadImage: the file and its bytes, the handle of the device that it is on, and where the rest of its path is. */
  private enum LoadSlot {
    UNUSED, BUFFER, SIZE, DEVICE, REST
  }

  /** Number of StartImage: the image's handle, by which Exit finds it. */
  private enum StartSlot {
    HANDLE
  }

  /** Steps of LoadImage: the file is read, if the caller hasn't it; whether it may be started is asked before it is placed. */
  private enum Loading {
    READ, READ_DONE, PLACE, ASK_SECURITY;

    private static final Loading[] ALL = values();
  }

  private final BootFirmware firmware;
  private final FileReading files;

  ImageServices(BootFirmware firmware) {
    this.firmware = firmware;
    files = new FileReading(firmware);
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.LOAD_IMAGE.name(), this::load);
    functions.put(BootService.START_IMAGE.name(), this::start);
    functions.put(BootService.EXIT.name(), this::exit);
    functions.put(BootService.UNLOAD_IMAGE.name(), this::unload);
    functions.put(FileReading.NAME, files::read);
  }

  private EfiStep load(Call call) {
    EfiRam memory = firmware.memory();
    long path = call.argument(2);
    if (call.argument(5) == 0 || call.argument(3) == 0 && path == 0 || !firmware.handles().has(call.argument(1), Protocol.LOADED_IMAGE)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    switch (call.step(Loading.ALL)) {
      case READ -> {
        memory.put64(call.argument(5), 0);
        if (call.argument(3) != 0) {
          call.set(LoadSlot.BUFFER, call.argument(3));
          call.set(LoadSlot.SIZE, call.argument(4));
          device(call, path);
          return new EfiStep.Go(Loading.ASK_SECURITY);
        }
        long answer = call.room(32);
        call.set(LoadSlot.REST, answer);
        return EfiStep.call(Loading.READ_DONE, firmware.function(CoreServices.LAYER, FileReading.NAME), path, answer);
      }
      case READ_DONE -> {
        if (call.result() < 0) {
          return EfiStep.done(call.result());
        }
        call.set(LoadSlot.BUFFER, memory.get64(call.get(LoadSlot.REST)));
        call.set(LoadSlot.SIZE, memory.get64(call.get(LoadSlot.REST) + 8));
        device(call, path);
        return new EfiStep.Go(Loading.ASK_SECURITY);
      }
      case ASK_SECURITY -> {
        long security = firmware.handles().handles(Protocol.SECURITY2).stream().findFirst().map(handle -> firmware.handles().find(handle,
            Protocol.SECURITY2)).orElse(0L);
        return security == 0 ? new EfiStep.Go(Loading.PLACE) : EfiStep.call(Loading.PLACE, memory.get64(security), security, path, call.get(
            LoadSlot.BUFFER), call.get(LoadSlot.SIZE),
            call.argument(0) & 0xFF);
      }
      default -> {
        try {
          return judged(call, path);
        } finally {
          if (call.argument(3) == 0) {
            firmware.pool().free(call.get(LoadSlot.BUFFER));
          }
        }
      }
    }
  }

  /** What must not be started may be there all the same if its judge says so: StartImage refuses it (UEFI 2.10, 7.4.1). */
  private EfiStep judged(Call call, long path) {
    long judgement = call.result();
    boolean barred = judgement == EfiStatus.SECURITY_VIOLATION.code();
    if (judgement < 0 && !barred) {
      if (judgement != EfiStatus.ACCESS_DENIED.code()) {
        firmware.report("efi-image", "an image isn't loaded, as who judges it (EFI_SECURITY2_ARCH_PROTOCOL) answers " + EfiStatus.of(
            judgement)
            + "; put the layer efi.signatures back, or start the machine without it");
      }
      return EfiStep.done(judgement);
    }
    EfiStep placed = place(call, path);
    if (!barred) {
      return placed;
    }
    firmware.images().image(firmware.memory().get64(call.argument(5))).barred = true;
    return EfiStep.done(EfiStatus.SECURITY_VIOLATION);
  }

  /** The handle of the device that a path leads to, and what remains of the path. */
  private void device(Call call, long path) {
    call.set(LoadSlot.DEVICE, 0);
    call.set(LoadSlot.REST, 0);
    if (path != 0) {
      FileReading.Place place = files.device(path, null);
      call.set(LoadSlot.DEVICE, place.handle());
      call.set(LoadSlot.REST, place.offset());
    }
  }

  private EfiStep place(Call call, long path) {
    EfiRam memory = firmware.memory();
    long size = call.get(LoadSlot.SIZE);
    if (size <= 0 || size > MOST_FILE) {
      return EfiStep.done(EfiStatus.LOAD_ERROR);
    }
    PeImage image;
    long base;
    long pages;
    try {
      image = PeImage.of(memory, call.get(LoadSlot.BUFFER), size, firmware.program().machine());
      pages = (image.size() + (long) PageMap.PAGE - 1) / PageMap.PAGE;
      base = firmware.pageMap().allocate(image.codeType(), pages, -1, image.alignment());
    } catch (EfiError e) {
      firmware.report("efi-image", e.getMessage());
      throw e;
    }
    try {
      new PePlacing(memory, image, call.get(LoadSlot.BUFFER), base).place();
    } catch (EfiError e) {
      firmware.pageMap().free(base, pages);
      firmware.report("efi-image", e.getMessage());
      throw e;
    }
    byte[] whole = path == 0 ? null : DevicePath.read(memory, path);
    long copy = 0;
    if (whole != null) {
      copy = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), whole.length);
      memory.write(copy, whole);
    }
    long information = Images.information(firmware, call.argument(1), call.get(LoadSlot.DEVICE), copy == 0 ? 0 : copy + call.get(
        LoadSlot.REST), base, image
            .size());
    memory.put32(information + Images.CODE_TYPE, image.codeType());
    memory.put32(information + Images.DATA_TYPE, image.dataType());
    long handle = firmware.handles().install(0, Protocol.LOADED_IMAGE, information);
    firmware.handles().install(handle, Protocol.LOADED_IMAGE_DEVICE_PATH, copy);
    offerTexts(handle, new PeResources(memory, image, base));
    firmware.images().add(handle, new Images.Image(information, base, pages, base + image.entry(), image.isApplication(), copy));
    memory.put64(call.argument(5), handle);
    return EfiStep.done();
  }

  /** A package list among the image's resources is a protocol of its handle (UEFI 2.10, 7.4.1): commands and drivers of edk2 have their texts so. */
  private void offerTexts(long handle, PeResources resources) {
    try {
      long list = resources.packageList();
      if (list != 0) {
        firmware.handles().install(handle, Protocol.HII_PACKAGE_LIST, list);
      }
    } catch (EfiError e) {
      firmware.report("efi-image", e.getMessage()
          + "; the image is loaded without its texts (EFI_HII_PACKAGE_LIST_PROTOCOL): if it ends at once, its file is"
          + " damaged, get it anew");
    }
  }

  private EfiStep start(Call call) {
    Images.Image image = firmware.images().image(call.argument(0));
    if (call.isAt(AskOnce.ASK)) {
      if (image.started) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      if (image.barred) {
        return EfiStep.done(EfiStatus.SECURITY_VIOLATION);
      }
      image.started = true;
      ((OpenCall) call).keepLevel(); // Exit may come from a notification function
      call.set(StartSlot.HANDLE, call.argument(0));
      return EfiStep.call(AskOnce.ANSWERED, image.entry, call.argument(0), firmware.systemTable());
    }
    if (call.argument(1) != 0) {
      firmware.memory().put64(call.argument(1), image.exitSize);
      if (call.argument(2) != 0) {
        firmware.memory().put64(call.argument(2), image.exitData);
      }
    }
    long status = call.result();
    if (image.application || status < 0) {
      remove(call.argument(0), image);
    }
    return EfiStep.done(status);
  }

  private void remove(long handle, Images.Image image) {
    firmware.images().remove(handle);
    long texts = firmware.handles().find(handle, Protocol.HII_PACKAGE_LIST);
    if (texts - image.base >= 0 && texts - image.base < image.pages * PageMap.PAGE) { // or somebody else put it there
      firmware.handles().uninstall(handle, Protocol.HII_PACKAGE_LIST, texts);
    }
    firmware.handles().uninstall(handle, Protocol.LOADED_IMAGE_DEVICE_PATH, image.path);
    firmware.handles().uninstall(handle, Protocol.LOADED_IMAGE, image.information);
    firmware.pool().free(image.information);
    if (image.path != 0) {
      firmware.pool().free(image.path);
    }
    firmware.pageMap().free(image.base, image.pages);
  }

  /** Leaves an image from within whatever it has called; or unloads it, if it wasn't started. */
  private EfiStep exit(Call call) {
    Images.Image image = firmware.images().image(call.argument(0));
    OpenCall starting = firmware.engine().find(BootService.START_IMAGE.name(), call.argument(0));
    if (starting == null) {
      if (image.started) {
        return EfiStep.done(EfiStatus.INVALID_PARAMETER);
      }
      remove(call.argument(0), image);
      return EfiStep.done();
    }
    image.exitSize = call.argument(2);
    image.exitData = call.argument(3);
    firmware.engine().leaveTo(starting, call.argument(1));
    return EfiStep.done();
  }

  private EfiStep unload(Call call) {
    Images.Image image = firmware.images().image(call.argument(0));
    long function = firmware.memory().get64(image.information + Images.UNLOAD);
    if (call.isAt(AskOnce.ASK) && image.started) {
      return function == 0 ? EfiStep.done(EfiStatus.UNSUPPORTED) : EfiStep.call(AskOnce.ANSWERED, function, call.argument(0));
    }
    if (call.isAt(AskOnce.ASK) || call.result() >= 0) {
      remove(call.argument(0), image);
      return EfiStep.done();
    }
    return EfiStep.done(call.result());
  }
}
