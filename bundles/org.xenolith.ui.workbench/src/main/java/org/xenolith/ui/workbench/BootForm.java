// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.FileOption;
import org.xenolith.command.api.InputFile;
import org.xenolith.command.api.WrittenNumber;
import org.xenolith.launch.api.BootRules;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.profile.api.ProfileRequest;

/**
 * What stands in the boot dialog's fields, as texts: empty for what isn't wanted, one thing on a line where there may be several,
 * {@link #ON} for a box that is ticked. What is wrong is said as the command line says it.
 */
final class BootForm {
  /** The value of a box that is ticked. */
  static final String ON = "on";
  private static final int MOST_VCPUS = 128;
  /** Fields with words in them, not one thing on a line. */
  private static final Set<BootField> ONE_LINE = Set.of(BootField.APPEND, BootField.PACKAGE);

  private final Map<BootField, String> values = new EnumMap<>(BootField.class);

  /** Complains about one thing that stands in a field. */
  private interface Check {
    /** @throws BadInput if it can't be meant; the message is for the user */
    void of(String text);
  }

  BootForm() {
    values.put(BootField.BOARD, "virt");
  }

  BootForm(BootForm from) {
    values.putAll(from.values);
  }

  /** The field's text, without blanks around it. */
  String get(BootField field) {
    return values.getOrDefault(field, "");
  }

  void set(BootField field, String text) {
    values.put(field, text.strip());
  }

  private boolean on(BootField field) {
    return get(field).equals(ON);
  }

  private List<String> lines(BootField field) {
    return get(field).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** Fields that can't be meant as they are, with what is wrong: what can be seen before anything is built or fetched. */
  Map<BootField, String> faults() {
    Map<BootField, String> faults = new EnumMap<>(BootField.class);
    boolean snapshot = !get(BootField.LOAD).isEmpty();
    if (!snapshot && get(BootField.BOARD).isEmpty()) {
      faults.put(BootField.BOARD, "Name a board, or a .dtb or .platform file.");
    }
    for (BootField field : BootField.values()) {
      if (!snapshot || field.besideSnapshot()) {
        check(faults, field);
      }
    }
    try {
      BootRules.together(said(snapshot));
    } catch (BadInput e) {
      BootField.namedIn(e.getMessage()).ifPresent(field -> faults.putIfAbsent(field, e.getMessage()));
    }
    return faults;
  }

  /** The options that the fields stand for which are filled in and can be: a kernel takes the guest's place, a snapshot that of most. */
  private Set<String> said(boolean snapshot) {
    return Arrays.stream(BootField.values()).filter(field -> !get(field).isEmpty() && (!snapshot || field.besideSnapshot()))
        .filter(field -> field != BootField.GUEST || get(BootField.KERNEL).isEmpty()).map(BootField::option).collect(Collectors.toSet());
  }

  private void check(Map<BootField, String> faults, BootField field) {
    try {
      (ONE_LINE.contains(field) ? Stream.of(get(field)) : lines(field).stream()).forEach(check(field)::of);
    } catch (BadInput e) {
      faults.put(field, e.getMessage());
    } catch (InvalidPathException e) {
      faults.put(field, "'" + e.getInput() + "' can't be a file's name.");
    }
  }

  /** What is looked at in a field before anything is launched; the rest is for the launcher to refuse. */
  private static Check check(BootField field) {
    String option = field.option();
    return switch (field) {
      case CPUS -> BootRules::cpus;
      case MEMORY, DOM0_MEMORY -> WrittenNumber::memory;
      case KERNEL_ADDRESS, ENTRY -> WrittenNumber::address;
      case GIC -> BootRules::gic;
      case DOM0_VCPUS -> text -> BootRules.within(option, text, MOST_VCPUS);
      case KERNEL, INITRD, REPLAY -> text -> FileOption.requireFile(option, Path.of(text), InputFile.GUEST);
      case DOMU -> text -> FileOption.requireFile(option, Path.of(text), InputFile.WRITTEN);
      case SET -> BootRules::setting;
      case MODULE -> text -> FileOption.requireFile(option, Path.of(BootRules.module(text).get(1)), InputFile.GUEST);
      case ADD_FILE -> text -> FileOption.requireFile(option, Path.of(BootRules.addedFile(text).getLast()), InputFile.GUEST);
      case ON_PANIC -> BootRules::onPanic;
      case PROFILE_PERIOD -> ProfileRequest::period;
      case PROFILE, RECORD -> text -> FileOption.requireFolderOf(option, Path.of(text));
      case SAVE -> BootForm::requireNew;
      case LOAD -> BootForm::requireSnapshot;
      default -> text -> {};
    };
  }

  private static void requireSnapshot(String text) {
    if (!Files.isDirectory(Path.of(text))) {
      throw new BadInput("--load '" + text + "': no snapshot made by --save: there is no such folder");
    }
  }

  private static void requireNew(String text) {
    FileOption.requireFolderOf("--save", Path.of(text));
    if (Files.exists(Path.of(text))) {
      throw new BadInput("--save '" + text + "': it is there already; a snapshot is a new folder");
    }
  }

  /** What is wrong with a new folder that something is to be written to; empty for nothing. */
  static String newFolder(String text) {
    try {
      requireNew(text);
      return "";
    } catch (BadInput e) {
      return e.getMessage();
    } catch (InvalidPathException e) {
      return "'" + text + "' can't be a file's name.";
    }
  }

  /** What is wanted; only without {@link #faults}. */
  RunRequest request() {
    LaunchRequest.Builder request = get(BootField.LOAD).isEmpty() ? newMachine() : LaunchRequest.ofSnapshot(Path.of(get(BootField.LOAD)));
    // Who replays what was typed types nothing.
    request.engine(get(BootField.ENGINE)).shell(get(BootField.REPLAY).isEmpty());
    long period = get(BootField.PROFILE_PERIOD).isEmpty() ? ProfileRequest.PERIOD : ProfileRequest.period(get(BootField.PROFILE_PERIOD));
    return new RunRequest(request.build(), get(BootField.CONSOLE), !get(BootField.ON_PANIC).equals(BootRules.CONTINUE),
        optional(BootField.PROFILE), new ProfileRequest(period, lines(BootField.SYMBOLS)), optional(BootField.SAVE),
        optional(BootField.RECORD), optional(BootField.REPLAY));
  }

  private Optional<Path> optional(BootField field) {
    return Optional.of(get(field)).filter(text -> !text.isEmpty()).map(Path::of);
  }

  private LaunchRequest.Builder newMachine() {
    LaunchRequest.Builder request = LaunchRequest.of(get(BootField.BOARD));
    use(BootField.CPUS, text -> request.cpus(Integer.parseInt(text)));
    use(BootField.MEMORY, text -> request.memory(WrittenNumber.memory(text)));
    use(BootField.GIC, text -> request.gic(Integer.parseInt(text)));
    if (get(BootField.KERNEL).isEmpty()) {
      use(BootField.GUEST, request::guest);
    } else {
      request.kernel(Path.of(get(BootField.KERNEL)));
    }
    use(BootField.KERNEL_ADDRESS, text -> request.kernelAddress(WrittenNumber.address(text)));
    use(BootField.ENTRY, text -> request.entry(WrittenNumber.address(text)));
    use(BootField.INITRD, text -> request.initrd(Path.of(text)));
    use(BootField.PCI, text -> request.option("pci", words(text)));
    use(BootField.NIC, text -> request.option("nic", words(text)));
    use(BootField.VIRTIO_CONSOLE, text -> request.option("virtio-console", words(text)));
    use(BootField.PCIE, text -> request.option("pcie", text));
    use(BootField.IOMMU, text -> request.option("iommu", text));
    use(BootField.GRANULES, text -> request.option("granules", text));
    use(BootField.DOM0_MEMORY, text -> request.option("dom0-memory", Long.toString(WrittenNumber.memory(text))));
    use(BootField.DOM0_VCPUS, text -> request.option("dom0-vcpus", text));
    return request.el2(on(BootField.EL2)).append(get(BootField.APPEND)).boardOptions(lines(BootField.OPTION))
        .settings(lines(BootField.SET)).modules(lines(BootField.MODULE)).addFiles(lines(BootField.ADD_FILE))
        .packages(Arrays.stream(get(BootField.PACKAGE).split("\\s+")).filter(p -> !p.isEmpty()).toList())
        .disks(lines(BootField.DISK)).hypervisor(on(BootField.HYPERVISOR)).noDom0(on(BootField.NO_DOM0))
        .domUs(lines(BootField.DOMU).stream().map(line -> Path.of(line).toAbsolutePath()).toList());
  }

  private void use(BootField field, Consumer<String> use) {
    if (!get(field).isEmpty()) {
      use.accept(get(field));
    }
  }

  private static String words(String text) {
    return String.join(" ", text.split("\\s+"));
  }

  /** The field that a launcher's message is about, if that can be told. */
  Optional<BootField> culprit(String message) {
    if (message.startsWith("console ")) {
      return Optional.of(BootField.CONSOLE);
    }
    if (message.startsWith("board ") && lines(BootField.OPTION).stream().anyMatch(line -> message.contains("'" + line + "'"))) {
      return Optional.of(BootField.OPTION);
    }
    Optional<BootField> named = BootField.namedIn(message);
    if (named.isPresent()) {
      return named;
    }
    if (lines(BootField.DOMU).stream().anyMatch(file -> message.contains(file))) {
      return Optional.of(BootField.DOMU);
    }
    if (lines(BootField.SET).stream().anyMatch(line -> message.contains(line.replaceFirst(":[^:=]*=.*$", "")))) {
      return Optional.of(BootField.SET);
    }
    return message.startsWith("guest ") ? Optional.of(BootField.GUEST)
        : message.startsWith("CPU engine ") ? Optional.of(BootField.ENGINE) : Optional.empty();
  }
}
