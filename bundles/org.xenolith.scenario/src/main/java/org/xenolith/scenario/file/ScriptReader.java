// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.kit.JournalScenario;

/** Reads scenario files. */
public final class ScriptReader {
  private static final String ENDING = ".scenario";
  private static final long SECOND = 1_000_000_000L;
  private static final long LIMIT = 600 * SECOND;
  /** No option takes a higher address, and no CPU has one. */
  private static final long HIGHEST = (1L << 60) - 1;
  private static final long WITHIN = 60 * SECOND;
  /** Keys of a platform that this reader knows itself. */
  /** What a machine has that is no option of that name: files are beside the scenario, several options of a board are a list. */
  /** Firmware may find by itself what to boot. */
  private static final String FIRMWARE = "firmware";
  private static final String HYPERVISOR = "hypervisor";
  private static final List<String> RESETS = List.of("boot", "stop");
  private static final Set<String> PLATFORM = new LinkedHashSet<>(List.of("board", "functions", "options"));
  private final Kinds kinds;
  private final OptionKeys options;

  /**
   * @param kinds   which kinds of checks and faults bundles define
   * @param options what bundles let a launch be told
   */
  public ScriptReader(Kinds kinds, List<LaunchOption> options) {
    this.kinds = kinds;
    this.options = new OptionKeys(options);
  }

  /**
   * Reads a file, or what a journal of a scenario says of that.
   *
   * @param more properties of the command line
   * @throws org.xenolith.command.api.BadInput if it is no scenario
   */
  public Script read(Path file, Map<String, String> more) {
    JournalScenario source = source(file, more);
    Map<String, String> given = source.properties();
    Keys bare = new Keys(YamlFile.read(file, given));
    Map<String, String> properties = new LinkedHashMap<>();
    bare.get("properties").ifPresent(value -> {
      Keys defaults = new Keys(value);
      defaults.names().forEach(name -> properties.put(name, defaults.need(name).text()));
    });
    properties.putAll(given);
    Path folder = ScriptFolder.of(source.text());
    properties.put("files", folder.toString());
    Keys keys = new Keys(YamlFile.read(file, properties)).only("description", "properties", "limit", "within", "platform", "guest",
        "hypervisor", "disks", CloudInitKeys.NAME, "files", "on-panic", "on-reset", "steps");
    long virtualLimit = LIMIT;
    long hostLimit = LIMIT;
    if (keys.has("limit")) {
      Keys limit = new Keys(keys.need("limit")).only("virtual", "host");
      virtualLimit = limit.get("virtual").map(Value::duration).orElse(LIMIT);
      hostLimit = limit.get("host").map(Value::duration).orElse(LIMIT);
    }
    LaunchRequest launch = launch(keys, folder);
    List<Disk> disks = keys.get("disks").map(ScriptReader::disks).orElse(List.of());
    StepReader reader = new StepReader(kinds, keys.get("within").map(Value::duration).orElse(WITHIN), disks.size());
    List<Step> steps = new ArrayList<>();
    for (Value step : keys.need("steps").list()) {
      steps.add(reader.read(steps.size() + 1, step));
    }
    if (steps.isEmpty()) {
      throw keys.need("steps").bad("there is no step");
    }
    return new Script(file, source.name(),
        keys.get("description").map(Value::text).orElse(""), keys.get("platform").map(Value::place).orElse(keys.place()).line(),
        launch, disks, keys.get("files").map(value -> files(new Keys(value))).orElse(List.of()), folder,
        virtualLimit, hostLimit, steps, keys.get("on-panic").map(ScriptReader::endsAtPanic).orElse(true), reader.consoles(), source);
  }

  /** The scenario in a file, its own or that of the journal that it is. */
  private static JournalScenario source(Path file, Map<String, String> given) {
    Optional<JournalScenario> recorded = YamlFile.recorded(file);
    String name = file.getFileName().toString();
    JournalScenario found = recorded.orElseGet(() -> new JournalScenario(name.endsWith(ENDING) ? name.substring(0, name.length()
        - ENDING.length()) : name, YamlFile.text(file), Map.of()));
    Map<String, String> properties = new LinkedHashMap<>(found.properties());
    properties.putAll(given);
    return new JournalScenario(found.name(), found.text(), properties);
  }

  private static boolean endsAtPanic(Value value) {
    return switch (value.text()) {
      case "stop" -> true;
      case "continue" -> false;
      default -> throw value.bad("'" + value.text() + "': expected stop or continue");
    };
  }

  private static String atReset(Value value) {
    if (!RESETS.contains(value.text())) {
      throw value.bad("'" + value.text() + "': expected " + String.join(" or ", RESETS));
    }
    return value.text();
  }

  private LaunchRequest launch(Keys keys, Path brought) {
    Optional<Keys> platform = keys.get("platform").map(Keys::new);
    LaunchRequest.Builder builder = RequestBuilder.of(platform.flatMap(p -> p.get("board")).map(ScriptReader::board).orElse("virt"));
    platform.ifPresent(p -> platform(p, builder));
    keys.get("hypervisor").ifPresent(value -> hypervisor(value, builder));
    keys.get("guest").map(Keys::new).ifPresent(g -> guest(g.only("name", "kernel", "kernel-address", "entry", "initrd", "append", "modules",
        "add-files"), builder));
    keys.get(CloudInitKeys.NAME).ifPresent(value -> CloudInitKeys.use(value, options, brought, builder));
    keys.get("on-reset").ifPresent(value -> builder.option("on-reset", atReset(value)));
    LaunchRequest request = builder.build();
    if (request.guest().isEmpty() && request.option("kernel").isEmpty() && !request.has("no-dom0") && request.option(FIRMWARE).isEmpty()) {
      throw keys.place().bad("it is not said what to boot; add 'guest:' with 'name: debian', 'name: tiny' or 'kernel: FILE', or 'firmware:'"
          + " to what is below 'platform:'");
    }
    return request;
  }

  /** A board's name has no dot and no slash; a file is beside the scenario. */
  private static String board(Value value) {
    String text = value.text();
    return text.endsWith(".dtb") || text.endsWith(".dts") || text.endsWith(".platform") ? value.path().toString() : text;
  }

  /** What a machine has; keys that are none of ours are options of those names. */
  private void platform(Keys keys, LaunchRequest.Builder request) {
    keys.get(CloudInitKeys.NAME).ifPresent(value -> {
      throw value.bad("'" + CloudInitKeys.NAME + "' stands beside 'platform:', as 'disks:' does");
    });
    options.use(keys, PLATFORM, request);
    keys.get("options").ifPresent(value -> value.texts().forEach(text -> boardOption(value, text, request)));
    keys.get("functions").ifPresent(value -> request.option("function", functions(new Keys(value))));
  }

  private static void boardOption(Value value, String text, LaunchRequest.Builder request) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw value.bad("'" + text + "': expected NAME=VALUE");
    }
    request.boardOption(text.substring(0, equals), text.substring(equals + 1));
  }

  /** Functions behind transports as the launcher is told them. */
  private static List<String> functions(Keys keys) {
    return keys.names().stream().map(node -> node + '=' + keys.need(node).text()).toList();
  }

  /** {@code true}, or its particulars. */
  private void hypervisor(Value value, LaunchRequest.Builder request) {
    if (value.isText()) {
      if (value.flag()) {
        request.option(HYPERVISOR, LaunchOption.ON);
      }
      return;
    }
    Keys keys = new Keys(value).only("no-dom0", "domus", "options");
    request.option(HYPERVISOR, LaunchOption.ON);
    keys.get("no-dom0").filter(Value::flag).ifPresent(flag -> request.option("no-dom0", LaunchOption.ON));
    keys.get("domus").ifPresent(list -> request.option("domu", list.list().stream().map(one -> one.path().toString()).toList()));
    keys.get("options").ifPresent(more -> options.use(new Keys(more), Set.of(), request));
  }

  private static void guest(Keys keys, LaunchRequest.Builder request) {
    if (keys.has("name") && keys.has("kernel")) {
      throw keys.place().bad("'name' and 'kernel' exclude each other: name a guest or a file");
    }
    keys.get("name").ifPresent(value -> request.guest(value.text()));
    keys.get("kernel").ifPresent(value -> request.option("kernel", value.path().toString()));
    keys.get("kernel-address").ifPresent(value -> request.option("kernel-address", address(value)));
    keys.get("entry").ifPresent(value -> request.option("entry", address(value)));
    keys.get("initrd").ifPresent(value -> request.option("initrd", (value.isText() ? List.of(value) : value.list()).stream().map(
        one -> one.path().toString()).toList()));
    keys.get("append").ifPresent(value -> request.option("append", value.text()));
    keys.get("modules").ifPresent(value -> request.option("module", value.texts()));
    keys.get("add-files").ifPresent(value -> request.option("add-file", value.texts()));
  }

  /** A physical address as options have it. */
  private static String address(Value value) {
    return "0x" + Long.toHexString(value.number(0, HIGHEST));
  }

  private static List<ScriptFile> files(Keys keys) {
    List<ScriptFile> files = new ArrayList<>();
    for (String name : keys.names()) {
      Value value = keys.need(name);
      if (!name.matches("\\w[\\w.-]*")) {
        throw value.bad("'" + name + "': a file's name has letters, digits, '.', '_' and '-'");
      }
      files.add(value.isText() ? new ScriptFile.Text(name, value.text()) : file(name, new Keys(value)));
    }
    return files;
  }

  private static ScriptFile file(String name, Keys keys) {
    if (keys.has("random")) {
      Keys random = new Keys(keys.only("random").need("random")).only("seed", "size");
      long size = random.need("size").size();
      if (size > 1L << 30) {
        throw random.need("size").bad("at most 1G");
      }
      return new ScriptFile.RandomBytes(name, random.need("seed").number(Long.MIN_VALUE, Long.MAX_VALUE), size);
    }
    String part = keys.only("guest", "part").need("part").text();
    if (!part.equals("kernel") && !part.equals("initrd")) {
      throw keys.need("part").bad("'" + part + "': expected kernel or initrd");
    }
    return new ScriptFile.GuestPart(name, keys.need("guest").text(), part.equals("kernel"));
  }

  private static List<Disk> disks(Value value) {
    List<Disk> disks = new ArrayList<>();
    for (Value item : value.list()) {
      Keys keys = new Keys(item).only("image", "random", "mode", "drive", "pci");
      String mode = keys.get("mode").map(Value::text).orElse("overlay");
      if (!List.of("overlay", "write", "readonly").contains(mode)) {
        throw keys.need("mode").bad("'" + mode + "': expected overlay, write or readonly");
      }
      if (keys.has("image") == keys.has("random")) {
        throw keys.place().bad("a disk has an 'image: FILE' or 'random: {seed: N, size: SIZE}'");
      }
      Optional<Keys> random = keys.get("random").map(r -> new Keys(r).only("seed", "size"));
      long size = random.map(r -> r.need("size").size()).orElse(0L);
      if (random.isPresent() && (size < 512 || size > 1L << 30 || size % 512 != 0)) {
        throw keys.need("random").bad("size " + size + ": expected sectors of 512 bytes, at most 1G");
      }
      String drive = keys.get("drive").map(Value::text).orElse("");
      if (keys.has("drive") && !List.of("scsi", "cdrom").contains(drive)) {
        throw keys.need("drive").bad("'" + drive + "': expected scsi or cdrom");
      }
      if (drive.equals("cdrom") && mode.equals("write")) {
        throw keys.need("mode").bad("'write': a CD-ROM isn't written");
      }
      String place = (drive.isEmpty() ? "" : "," + drive) + keys.get("pci").map(slot -> ",pci=" + slot.text()).orElse("");
      disks.add(new Disk(keys.get("image").map(Value::path), random.map(r -> r.need("seed").number(Long.MIN_VALUE, Long.MAX_VALUE))
          .orElse(0L), size, (mode.equals("overlay") ? "" : "," + mode) + place));
    }
    return disks;
  }
}
