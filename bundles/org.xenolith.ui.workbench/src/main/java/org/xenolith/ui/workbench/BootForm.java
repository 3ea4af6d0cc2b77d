package org.xenolith.ui.workbench;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.launch.api.LaunchRequest;

/**
 * What stands in the boot dialog's fields, as texts: empty for what isn't wanted, one thing on a line where there may be several,
 * {@link #ON} for a box that is ticked.
 */
final class BootForm {
  /** The value of a box that is ticked. */
  static final String ON = "on";
  private static final int MOST_CPUS = 8;
  private static final int MOST_VCPUS = 128;
  /** As the command line takes it: a number with K, M or G, or a plain one in MiB. */
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,6})([kKmMgG]?)(?:[iI]?[bB])?");
  private static final Pattern SETTING = Pattern.compile(".+:[^:=]+=.*");

  private final Map<BootField, String> values = new EnumMap<>(BootField.class);

  /** What is wrong with a field is said to it. */
  private interface Check {
    /** Empty for nothing. */
    String fault(String text);
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
    check(faults, BootField.LOAD, BootForm::folder);
    if (get(BootField.LOAD).isEmpty()) {
      faultsOfANewMachine(faults);
    }
    check(faults, BootField.SAVE, file -> newFile(file, "a snapshot is a new folder"));
    check(faults, BootField.RECORD, file -> newFile(file, ""));
    return faults;
  }

  private void faultsOfANewMachine(Map<BootField, String> faults) {
    if (get(BootField.BOARD).isEmpty()) {
      faults.put(BootField.BOARD, "Name a board, or a .dtb or .platform file.");
    }
    check(faults, BootField.CPUS, text -> number(text, MOST_CPUS));
    check(faults, BootField.MEMORY, BootForm::amount);
    check(faults, BootField.GIC, text -> text.equals("2") || text.equals("3") ? "" : "Expected 2 or 3.");
    check(faults, BootField.DOM0_MEMORY, BootForm::amount);
    check(faults, BootField.DOM0_VCPUS, text -> number(text, MOST_VCPUS));
    check(faults, BootField.KERNEL, BootForm::file);
    check(faults, BootField.INITRD, BootForm::file);
    checkLines(faults, BootField.SET, line -> SETTING.matcher(line).matches() ? ""
        : "'" + line + "': expected NODE:OPTION=VALUE, for example /pl031@9010000:epoch-seconds=0.");
    checkLines(faults, BootField.DISK, line -> file(line.replaceFirst(",.*", "")));
    checkLines(faults, BootField.DOMU, BootForm::file);
    checkLines(faults, BootField.MODULE, line -> line.indexOf('=') > 0 ? file(line.replaceFirst("^[^=]*=", "").replaceFirst(",.*", ""))
        : "'" + line + "': expected KIND=FILE[,WORDS], for example kernel=Image,console=hvc0.");
    checkLines(faults, BootField.ADD_FILE, line -> line.indexOf('=') > 0 ? file(line.replaceFirst("^[^=]*=", ""))
        : "'" + line + "': expected GUEST-PATH=FILE, for example /bin/bench=bench.");
    if (on(BootField.NO_DOM0) && get(BootField.DOMU).isEmpty()) {
      faults.put(BootField.NO_DOM0, "Without Dom0 there is nothing to run: name the files of domains.");
    }
  }

  private void check(Map<BootField, String> faults, BootField field, Check check) {
    String fault = get(field).isEmpty() ? "" : check.fault(get(field));
    if (!fault.isEmpty()) {
      faults.put(field, fault);
    }
  }

  private void checkLines(Map<BootField, String> faults, BootField field, Check check) {
    lines(field).stream().map(check::fault).filter(fault -> !fault.isEmpty()).findFirst().ifPresent(fault -> faults.put(field, fault));
  }

  private static String number(String text, int most) {
    return text.matches("[0-9]{1,4}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= most ? ""
        : "Expected 1 to " + most + ".";
  }

  private static String amount(String text) {
    return bytes(text) > 0 ? "" : "'" + text + "' is no possible amount of memory: expected for example 512M or 2G.";
  }

  /** Bytes; 0 for what isn't an amount. */
  private static long bytes(String text) {
    Matcher matcher = AMOUNT.matcher(text);
    if (!matcher.matches()) {
      return 0;
    }
    int shift = switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
      case "K" -> 10;
      case "G" -> 30;
      default -> 20;
    };
    return Long.parseLong(matcher.group(1)) << shift;
  }

  private static String file(String text) {
    Path file = path(text);
    return file == null ? "'" + text + "' can't be a file's name." : Files.isDirectory(file) ? "'" + text + "' is a folder, not a file."
        : Files.exists(file) ? "" : "There is no file '" + text + "'.";
  }

  private static String folder(String text) {
    Path folder = path(text);
    return folder != null && Files.isDirectory(folder) ? "" : "There is no folder '" + text + "'.";
  }

  /** What is wrong with a file to be written; empty for nothing. @param occupied what to say if it is there already; empty if it may be */
  static String newFile(String text, String occupied) {
    Path file = path(text);
    if (file == null) {
      return "'" + text + "' can't be a file's name.";
    }
    Path folder = file.toAbsolutePath().getParent();
    return folder == null || !Files.isDirectory(folder) ? "There is no folder " + folder + "; make it first."
        : !Files.isWritable(folder) ? "The folder " + folder + " is not writable."
        : !occupied.isEmpty() && Files.exists(file) ? "'" + text + "' is there already: " + occupied + "." : "";
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  /** What is wanted; only without {@link #faults}. */
  BootWish wish() {
    LaunchRequest.Builder request = get(BootField.LOAD).isEmpty() ? newMachine() : LaunchRequest.ofSnapshot(Path.of(get(BootField.LOAD)));
    request.engine(get(BootField.ENGINE)).shell(true);
    return new BootWish(request.build(), optional(BootField.SAVE), optional(BootField.RECORD));
  }

  private Optional<Path> optional(BootField field) {
    return Optional.of(get(field)).filter(text -> !text.isEmpty()).map(Path::of);
  }

  private LaunchRequest.Builder newMachine() {
    LaunchRequest.Builder request = LaunchRequest.of(get(BootField.BOARD));
    use(BootField.CPUS, text -> request.cpus(Integer.parseInt(text)));
    use(BootField.MEMORY, text -> request.memory(bytes(text)));
    use(BootField.GIC, text -> request.gic(Integer.parseInt(text)));
    if (get(BootField.KERNEL).isEmpty()) {
      use(BootField.GUEST, request::guest);
    } else {
      request.kernel(Path.of(get(BootField.KERNEL)));
    }
    use(BootField.INITRD, text -> request.initrd(Path.of(text)));
    use(BootField.PCI, text -> request.option("pci", words(text)));
    use(BootField.NIC, text -> request.option("nic", words(text)));
    use(BootField.PCIE, text -> request.option("pcie", text));
    use(BootField.IOMMU, text -> request.option("iommu", text));
    use(BootField.DOM0_MEMORY, text -> request.option("dom0-memory", Long.toString(bytes(text))));
    use(BootField.DOM0_VCPUS, text -> request.option("dom0-vcpus", text));
    return request.el2(on(BootField.EL2)).append(get(BootField.APPEND)).settings(lines(BootField.SET)).modules(lines(BootField.MODULE))
        .addFiles(lines(BootField.ADD_FILE)).packages(Arrays.stream(get(BootField.PACKAGE).split("\\s+")).filter(p -> !p.isEmpty()).toList())
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
