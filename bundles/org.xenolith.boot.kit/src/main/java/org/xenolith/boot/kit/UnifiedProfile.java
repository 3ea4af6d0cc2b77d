// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.xenolith.boot.api.BootException;

/**
 * What one profile of a unified kernel image consists of ("Unified Kernel Image (UKI)", UAPI.5, multi-profile UKIs): a section {@code .profile} begins a profile, and what comes
 * before the first of them is every profile's, unless it has a section of that name itself.
 *
 * @param base   the sections that all have
 * @param own    the profile's; empty in an image without profiles
 * @param names  of all profiles, in their order; empty in an image without profiles
 * @param number which one this is
 */
record UnifiedProfile(ProgramSections file, List<ProgramSections.Section> base, List<ProgramSections.Section> own, List<String> names,
    int number) {
  private static final String MARK = ".profile";
  /** How the stub is told by its arguments: at their begin. */
  private static final Pattern CHOICE = Pattern.compile("^\\s*@(\\d{1,9})(?:\\s+|$)");

  /**
   * The one that words at the beginning of a command line choose, as those of the stub: {@code @1} for the second; without such words the first.
   *
   * @throws BootException if there is none of that number
   */
  static UnifiedProfile of(ProgramSections file, String words) {
    List<ProgramSections.Section> base = new ArrayList<>();
    List<List<ProgramSections.Section>> profiles = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (ProgramSections.Section section : file.all()) {
      if (section.name().equals(MARK)) {
        profiles.add(new ArrayList<>());
        names.add(name(file.text(section)));
      }
      (profiles.isEmpty() ? base : profiles.getLast()).add(section);
    }
    Matcher choice = CHOICE.matcher(words);
    int number = choice.find() ? Integer.parseInt(choice.group(1)) : 0;
    if (number >= Math.max(1, profiles.size())) {
      throw new BootException("the unified kernel image has no profile @" + number + ", which " + option("append") + " begins with; it has "
          + (names.isEmpty() ? "no profiles" : listed(names)) + ".");
    }
    return new UnifiedProfile(file, base, profiles.isEmpty() ? List.of() : profiles.get(number), names, number);
  }

  /** Words without the choice of a profile at their begin. */
  static String rest(String words) {
    return CHOICE.matcher(words).replaceFirst("");
  }

  /** Profiles with their numbers: {@code @0 (main), @1}. */
  static String listed(List<String> names) {
    return IntStream.range(0, names.size()).mapToObj(i -> "@" + i + (names.get(i).isEmpty() ? "" : " (" + names.get(i) + ")")).collect(
        Collectors.joining(", "));
  }

  /** The sections of a name: the profile's, else those of all. */
  List<ProgramSections.Section> all(String name) {
    List<ProgramSections.Section> mine = own.stream().filter(one -> one.name().equals(name)).toList();
    return mine.isEmpty() ? base.stream().filter(one -> one.name().equals(name)).toList() : mine;
  }

  /** The bytes of all sections of a name. */
  List<byte[]> contents(String name) {
    return all(name).stream().map(file::content).toList();
  }

  /** The bytes of the first section of a name. */
  Optional<byte[]> content(String name) {
    return all(name).stream().findFirst().map(file::content);
  }

  /** The text of the first section of a name; empty if there is none. */
  String text(String name) {
    return all(name).stream().findFirst().map(file::text).orElse("");
  }

  /** A value of text like os-release's, without its quotes. */
  static Optional<String> value(String text, String key) {
    return text.lines().map(String::strip).filter(line -> line.startsWith(key + "=")).map(line -> line.substring(key.length() + 1).strip()
        .replaceAll("^([\"'])(.*)\\1$", "$2")).filter(value -> !value.isEmpty()).findFirst();
  }

  private static String name(String text) {
    return value(text, "ID").or(() -> value(text, "TITLE")).orElse("");
  }
}
