// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.InputFile;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;

/**
 * What {@code load} must know beside the machine's own snapshot: the board's tree, its models' options, the disks and what
 * else was asked for that is no state of the machine.
 *
 * @param guest   name of what was booted
 * @param requests options that a snapshot holds, and what else shapers go by; the rest of it has no meaning
 * @param options node path to option name to value
 * @param content  SHA-256 of the snapshot's {@link BootContent}; empty if it has none
 */
record SavedBoot(String guest, LaunchRequest requests, Map<String, Map<String, String>> options, String content) {
  private static final String TREE = "board.dtb";
  private static final String FACTS = "boot.txt";
  /** Facts that had words of their own before they were options, and which ones they are now. */
  private static final Map<String, String> EARLIER = Map.of("disk ", GuestOptions.DISK, "function ", NodeFunctions.NAME,
      "hypervisor ", Shapers.HYPERVISOR, "domu ", "domu");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([nr\\\\])");
  /** Says an option of a model; {@code set } said it as it was, whatever was in it. */
  private static final String SETTING = "setting ";
  private static final String END = "end ";
  /** Says SHA-256 of what is booted after a reset. */
  private static final String CONTENT = "boots ";

  /** What a boot on a platform must remember. @param kept tells by their names the options that a snapshot holds */
  static SavedBoot of(String guest, LaunchRequest request, Platform platform, Predicate<String> kept) {
    Map<String, List<String>> said = new TreeMap<>(request.options());
    said.keySet().removeIf(kept.negate());
    LaunchRequest.Builder requests = request.toBuilder().options(said);
    Map<String, Map<String, String>> options = new LinkedHashMap<>();
    platform.nodes().stream().filter(n -> !n.options().isEmpty()).forEach(n -> options.put(n.path(), n.options()));
    return new SavedBoot(guest, requests.build(), options, "");
  }

  /** Adds the facts to a snapshot's folder. */
  void write(Path directory, Platform platform, Optional<BootContent> content) throws IOException {
    byte[] tree = FdtWriter.write(platform.source());
    Files.write(directory.resolve(TREE), tree);
    StringBuilder text = new StringBuilder("guest ").append(oneLine(guest)).append('\n');
    new TreeMap<>(requests.options()).forEach((name, texts) -> texts.forEach(one -> text.append("option ").append(name).append('=').append(
        oneLine(one)).append('\n')));
    options.forEach((node, chosen) -> new TreeMap<>(chosen).forEach((name, value) -> text.append(SETTING).append(oneLine(
        node + ':' + name + '=' + value)).append('\n')));
    if (content.isPresent()) {
      text.append(CONTENT).append(content.get().write(directory)).append('\n');
    }
    Files.writeString(directory.resolve(FACTS), text + END + digest(text.toString(), tree) + '\n');
  }

  /**
   * What a machine that continues the snapshot boots from after a reset; empty if a reset ends the run.
   *
   * @throws BadInput if it is to boot again and the snapshot doesn't say from what
   */
  Optional<BootContent> content(LaunchRequest request) {
    Path directory = GuestOptions.file(request, GuestOptions.LOAD).orElseThrow();
    if (!GuestOptions.bootsAgain(request)) {
      return Optional.empty();
    }
    if (content.isEmpty()) {
      if (!request.has(GuestOptions.RESET)) {
        return Optional.empty(); // nobody asked for it
      }
      throw new BadInput(option("on-reset") + " boot: the snapshot '" + directory + "' was made of a run that ends at a reset, so that what"
          + " is to be booted isn't in it; make one with " + option("on-reset") + " boot, or leave that out");
    }
    try {
      return Optional.of(BootContent.read(directory, content));
    } catch (IOException e) {
      throw BadInput.at(GuestOptions.LOAD, directory, HostReason.of(e).text());
    }
  }

  /** Takes a folder's files back: they aren't whole. */
  static void takeBack(Path directory, Exception cause) {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Of both files: SHA-256 of the facts and of the tree behind them. */
  private static String digest(String facts, byte[] tree) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(facts.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(tree));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** @throws BadInput if the facts or the tree aren't what was written */
  private static void check(Path directory, List<String> lines) throws NoSuchFileException {
    String facts = String.join("\n", lines.subList(0, lines.size() - 1)) + '\n';
    if (!lines.getLast().equals(END + digest(facts, tree(directory)))) {
      throw BadInput.at(GuestOptions.LOAD, directory, FACTS + " or " + TREE + " isn't what was written: the snapshot is damaged, was"
          + " changed by hand, or was made by an earlier version");
    }
  }

  private static byte[] tree(Path directory) throws NoSuchFileException {
    try {
      return InputFile.read(directory.resolve(TREE), InputFile.WRITTEN);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      throw BadInput.at(GuestOptions.LOAD, directory, TREE + ": " + HostReason.of(directory.resolve(TREE), e).text());
    }
  }

  /** Reads them back. */
  static SavedBoot read(Path directory) {
    try {
      List<String> lines = InputFile.text(directory.resolve(FACTS), InputFile.WRITTEN).lines().toList();
      if (lines.isEmpty()) {
        throw BadInput.at(GuestOptions.LOAD, directory, FACTS + " is empty: the snapshot was not finished");
      }
      check(directory, lines);
      List<String> settings = Stream.concat(with("set ", lines).stream(), with(SETTING, lines).stream().map(SavedBoot::asItWas)).toList();
      for (String set : settings) {
        if (set.indexOf('=') < 0 || set.lastIndexOf(':', set.indexOf('=')) <= 0) {
          throw BadInput.at(GuestOptions.LOAD, directory, FACTS + ": expected NODE:OPTION=VALUE, got '" + set + "'; save anew");
        }
      }
      return new SavedBoot(asItWas(lines.getFirst().replaceFirst("^guest ", "")), requests(lines), MachineOptions.settings(settings),
          String.join("", with(CONTENT, lines)));
    } catch (CharacterCodingException e) {
      throw BadInput.at(GuestOptions.LOAD, directory, FACTS + " is no text: the snapshot is damaged");
    } catch (IOException e) {
      throw BadInput.at(GuestOptions.LOAD, directory, "no snapshot made by " + option("save") + ": "
          + (e instanceof NoSuchFileException none
              ? none.getFile() + " is missing" : FACTS + ": " + HostReason.of(directory.resolve(FACTS), e).text()));
    }
  }

  private static LaunchRequest requests(List<String> lines) {
    LaunchRequest.Builder requests = RequestBuilder.of("snapshot");
    Map<String, List<String>> said = new LinkedHashMap<>();
    EARLIER.forEach((word, name) -> with(word, lines).forEach(line -> said.computeIfAbsent(name, n -> new ArrayList<>()).add(line)));
    if (with("hypervisor ", lines).contains("no-dom0")) {
      said.put("no-dom0", List.of(LaunchOption.ON));
    }
    with("option ", lines).forEach(line -> said.computeIfAbsent(name(line), n -> new ArrayList<>()).add(asItWas(value(line))));
    said.forEach(requests::option);
    return requests.build();
  }

  /** A text without line breaks. */
  private static String oneLine(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  /** The text of which {@link #oneLine} made a line. */
  private static String asItWas(String line) {
    return ESCAPE.matcher(line).replaceAll(found -> switch (found.group(1)) {
      case "n" -> "\n";
      case "r" -> "\r";
      default -> "\\\\";
    });
  }

  private static String name(String pair) {
    return pair.substring(0, Math.max(0, pair.indexOf('=')));
  }

  private static String value(String pair) {
    return pair.substring(pair.indexOf('=') + 1);
  }

  /** The saved requests in the place of those that a request to continue can't have. */
  LaunchRequest requests(LaunchRequest request) {
    LaunchRequest.Builder merged = request.toBuilder();
    requests.options().forEach(merged::option);
    return merged.build();
  }

  private static List<String> with(String word, List<String> lines) {
    return lines.stream().filter(line -> line.startsWith(word)).map(line -> line.substring(word.length())).toList();
  }

  Platform platform(Installed installed, Path directory) {
    try {
      return installed.reader().platform("snapshot", FdtReader.read(tree(directory)), options);
    } catch (IOException | FdtException | PlatformException e) {
      throw BadInput.at(GuestOptions.LOAD, directory, TREE + ": " + HostReason.of(directory.resolve(TREE), e).text());
    }
  }
}
