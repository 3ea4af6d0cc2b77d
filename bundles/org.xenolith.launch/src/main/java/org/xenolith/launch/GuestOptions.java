// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.ModuleFile;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** What a launch can be told about the software that the machine starts with, its disks, and a snapshot in the place of all that. */
@Component(immediate = true)
public final class GuestOptions {
  private static final String TOPIC = "Guest";
  static final String KERNEL = "kernel";
  static final String KERNEL_ADDRESS = "kernel-address";
  static final String ENTRY = "entry";
  static final String INITRD = "initrd";
  static final String APPEND = "append";
  static final String MODULE = "module";
  static final String DISK = "disk";
  /** The option that names a snapshot to continue. */
  static final String LOAD = "load";
  /** Names the snapshot that others are saved onto. */
  static final String ONTO = "save-onto";
  static final String RESET = "on-reset";
  private static final List<String> RESETS = List.of("boot", "stop");

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE,
      fieldOption = FieldOption.UPDATE)
  private final List<GuestSource> guests = new CopyOnWriteArrayList<>();

  /** Offers them until the bundle stops. */
  @Activate
  public GuestOptions(BundleContext context) {
    Stream.of(guest(), kernel(), address(KERNEL_ADDRESS, 220, "Where it goes in RAM",
        "Where in RAM a flat binary or position-independent ELF file goes, hexadecimal, for example 0x40080000 (default: 512 KiB behind the start"
            + " of RAM)."),
        address(ENTRY, 230, "Where it is entered",
            "Where a flat binary or ELF file is entered, hexadecimal, for example 0x40080000 (default: at its start, or where the ELF file says)."),
        initrd(), append(), module(), reset(), disk(), load(), onto())
        .forEach(option -> context.registerService(LaunchOption.class, option, null));
  }

  private GeneralOption guest() {
    return GeneralOption.of(described("guest", Form.CHOICE, 200).value("NAME").words("Guest",
        "A guest that is installed (default: the board's own, on most debian)."), LaunchRequest.Builder::guest)
        .proposing(() -> guests.stream().map(GuestSource::name).sorted(Comparator.naturalOrder()).toList())
        .checked((texts, said) -> {
          if (said.contains(KERNEL)) {
            throw new BadInput(option(KERNEL) + " and " + option("guest") + " exclude each other: name a file or a guest");
          }
        });
  }

  private static GeneralOption kernel() {
    return GeneralOption.of(described(KERNEL, Form.FILE, 210).words("Or a kernel",
        "A program instead of a guest: a kernel in a format that an installed boot loader knows, in an EFI zboot file or a unified kernel image too, an ELF file or a flat binary."),
        file(KERNEL)).checked((texts, said) -> requireFile(KERNEL, texts.getFirst()));
  }

  private static GeneralOption address(String name, int place, String label, String help) {
    return GeneralOption.of(described(name, Form.TEXT, place).value("ADDRESS").words(label, help), (request, text) -> {
      WrittenNumber.address(text);
      request.option(name, text);
    }).checked((texts, said) -> {
      if (!said.contains(KERNEL)) {
        throw new BadInput(option(name) + " is about a file: name it with " + option(KERNEL));
      }
    });
  }

  private static GeneralOption initrd() {
    return GeneralOption.ofAll(described(INITRD, Form.FILE, 240).repeated().words("First root file system",
        "First root file system instead of the guest's, or of the one in a unified kernel image. May be repeated: the kernel unpacks each over those before."),
        (request, texts) -> request.option(INITRD, texts.stream().map(text -> Path.of(text).toString()).toList())).checked((texts,
            said) -> texts.forEach(text -> requireFile(INITRD, text)));
  }

  private static GeneralOption append() {
    return GeneralOption.of(described(APPEND, Form.TEXT, 250).value("WORDS").words("Command line, more",
        "Added to the guest's kernel command line."), (request, text) -> request.option(APPEND, text));
  }

  private static GeneralOption module() {
    return GeneralOption.ofAll(described(MODULE, Form.TEXT, 280).value("KIND=FILE[,WORDS]").repeated().words("Multiboot modules",
        "For a hypervisor as the kernel: what it starts, as a multiboot module with a command line; KIND is kernel, ramdisk or what else it"
            + " knows, after NODE/ for a domain that a node below /chosen describes. May be repeated."),
        (request, texts) -> {
          texts.forEach(ModuleFile::of);
          request.option(MODULE, texts);
        }).checked((texts, said) -> texts.forEach(text -> requireFile(MODULE, ModuleFile.of(text).file())));
  }

  private static GeneralOption reset() {
    return GeneralOption.of(described(RESET, Form.CHOICE, 290).value("WHAT").outsideSnapshot().words("When the guest resets the machine",
        "What a reset by the guest does: boot boots the machine again as hardware does, stop ends the run (default: boot where a person sits"
            + " at the console, else stop)."), (request, text) -> {
              if (!RESETS.contains(text)) {
                throw BadInput.at(RESET, text, "expected " + String.join(" or ", RESETS));
              }
              request.option(RESET, text);
            }).proposing(() -> RESETS);
  }

  private static GeneralOption disk() {
    return GeneralOption.ofAll(OptionDescription.of(DISK, Form.TEXT, "Disks and cards", 300).value(
        "IMAGE[,write][,readonly][,scsi][,cdrom][,pci=SLOT][,format=NAME]")
        .repeated().words("Disks",
            "A disk image (its format known by its content unless 'format' says it), or nbd:unix:SOCKET for one that an NBD server has, as virtio disk, or as that of a PCI device; with 'scsi' on a virtio SCSI controller, with"
                + " 'cdrom' in a CD-ROM drive there. Writes stay in an overlay unless 'write' is said. May be repeated."),
        (request, texts) -> request.option(DISK, texts));
  }

  private static GeneralOption load() {
    return GeneralOption.of(OptionDescription.of(LOAD, Form.FOLDER, "Snapshot and journal", 900).value("DIR").outsideSnapshot().words(
        "Continue a snapshot", "Continue a snapshot instead of booting."), file(LOAD)).checked((texts,
            said) -> {
          if (!Files.isDirectory(Path.of(texts.getFirst()))) {
            throw BadInput.at(LOAD, texts.getFirst(), "no snapshot made by " + option("save") + ": there is no such folder");
          }
        });
  }

  private static GeneralOption onto() {
    return GeneralOption.of(OptionDescription.of(ONTO, Form.FOLDER, "Snapshot and journal", 910).value("DIR").outsideSnapshot().words(
        "Save onto the snapshot",
        "What is saved leaves out what RAM of this snapshot has, and needs it: neither may be moved without the other, or changed."), file(
            ONTO))
        .checked((texts, said) -> {
          if (!Files.isDirectory(Path.of(texts.getFirst()))) {
            throw BadInput.at(ONTO, texts.getFirst(), "no snapshot made by " + option("save") + ": there is no such folder");
          }
        });
  }

  /**
   * Whether the machine boots again when the guest resets it, as hardware does; else a reset ends the run. Unless that is said it is so where
   * a person sits at the console, or a journal knows what was done; a run that nobody attends to ends.
   */
  static boolean bootsAgain(LaunchRequest request) {
    return request.text(RESET).map(RESETS.getFirst()::equals).orElse(request.has(LaunchRequest.ATTENDED));
  }

  /** The file that an option names, if it is given. */
  static Optional<Path> file(LaunchRequest request, String name) {
    return request.text(name).map(Path::of);
  }

  /** The physical address that an option says, if it is given. */
  static OptionalLong address(LaunchRequest request, String name) {
    return request.option(name).stream().mapToLong(WrittenNumber::address).findFirst();
  }

  /** Words added to the guest's kernel command line. */
  static String append(LaunchRequest request) {
    return request.text(APPEND).orElse("");
  }

  /** A name that no file can have is refused at once. */
  private static BiConsumer<LaunchRequest.Builder, String> file(String name) {
    return (request, text) -> request.option(name, Path.of(text).toString());
  }

  private static void requireFile(String option, String file) {
    FileOption.requireFile(option, Path.of(file), InputFile.GUEST);
  }

  private static OptionDescription described(String name, Form form, int place) {
    return OptionDescription.of(name, form, TOPIC, place);
  }
}
