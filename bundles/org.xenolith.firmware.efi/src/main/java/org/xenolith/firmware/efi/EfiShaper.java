// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.machine.control.Machine;

/** Puts EFI firmware into a machine that is booted by it: its node, and the disk that its variables are on. */
@Component(property = "service.ranking:Integer=20")
public final class EfiShaper implements LaunchShaper, LaunchOption {
  static final String OPTION = "efi-variables";
  private static final int SECTOR = 512;
  /** Whoever boots by way of firmware says so; the option is another bundle's. */
  private static final String FIRMWARE = "firmware";
  /** The kinds that this firmware belongs to; what lies in flash brings its own services. */
  private static final Set<String> KINDS = Set.of("acpi", "xenolith");
  private static final String HYPERVISOR = "hypervisor";
  /** Bytes of a store that isn't there yet: many times what an operating system needs. */
  private static final int SIZE = 256 << 10;

  @Override
  public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.FILE, "Machine", 185).value("FILE").words("EFI variables",
        "Disk image of EFI's non-volatile variables, which is made if it isn't there; without one they last until the machine is reset.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    file(texts.getFirst());
    request.option(OPTION, texts);
  }

  private static Path file(String text) {
    try {
      if (text.contains(",")) {
        throw BadInput.at(OPTION, text, "a comma can't be in the name of a disk image");
      }
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw BadInput.at(OPTION, text, e.getReason());
    }
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    if (!said.contains(FIRMWARE) && !said.contains(HYPERVISOR)) {
      throw new BadInput(option(OPTION) + ": the machine has no EFI firmware; add " + option(FIRMWARE) + " acpi, " + option(FIRMWARE)
          + " xenolith or " + option(
              HYPERVISOR));
    }
    Path parent = file(texts.getFirst()).toAbsolutePath().getParent();
    if (Files.isDirectory(file(texts.getFirst())) || !Files.isDirectory(parent)) {
      throw BadInput.at(OPTION, texts.getFirst(), Files.isDirectory(parent) ? "a folder; expected a disk image" : "there is no folder "
          + parent);
    }
    requireStore(file(texts.getFirst()));
  }

  /** Variables are kept in a disk image: what can't be one is some other file of the user's, which would be written over. */
  private static void requireStore(Path file) {
    try {
      long bytes = Files.exists(file) ? Files.size(file) : SECTOR;
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw BadInput.at(OPTION, file, "a device, a pipe or a socket; name a disk image, or a file that isn't there, which is made then");
      }
      if (bytes == 0 || bytes % SECTOR != 0) {
        throw BadInput.at(OPTION, file, "has " + bytes
            + " bytes, so that it can't be a disk image, which variables are kept in; name one, or a"
            + " file that isn't there, which is made then");
      }
    } catch (IOException e) {
      throw BadInput.of(option(OPTION), file, e);
    }
  }

  @Override
  public boolean serves(LaunchRequest request) {
    List<String> firmware = request.option(FIRMWARE);
    return firmware.isEmpty() ? !request.option(OPTION).isEmpty() : firmware.stream().anyMatch(KINDS::contains);
  }

  @Override
  public Fdt shape(Fdt tree, LaunchRequest request) {
    FdtNode node = new FdtNode(FirmwareNode.PATH.substring(1), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", FirmwareNode.COMPATIBLE));
    return tree.withRoot(tree.root().withChild(node));
  }

  @Override
  public Map<String, String> disks(LaunchRequest request) {
    List<String> texts = request.option(OPTION);
    if (texts.isEmpty()) {
      return Map.of();
    }
    try {
      Files.write(file(texts.getFirst()), new byte[SIZE], StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException there) {
      // the usual case
    } catch (IOException e) {
      throw BadInput.of(option(OPTION), file(texts.getFirst()), e);
    }
    return Map.of(FirmwareNode.PATH, texts.getFirst() + ",write");
  }
}
