// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.profile.api.ProfileRequest;

/**
 * A page of what is asked before a machine is booted: the installed options of a topic, and what is about the run in this window.
 *
 * @param title   of it, which is the topic
 * @param options that it has fields for
 */
record BootPage(String title, List<LaunchOption> options) {
  private static final String RUN = "Run";
  private static final String SNAPSHOT = "Snapshot and journal";

  /** All pages of a form, in order. */
  static List<BootPage> of(BootForm form) {
    Map<String, List<LaunchOption>> topics = new LinkedHashMap<>();
    form.options().forEach(option -> topics.computeIfAbsent(option.description().topic(), topic -> new ArrayList<>()).add(option));
    List<LaunchOption> ofSnapshots = topics.remove(SNAPSHOT);
    List<BootPage> pages = new ArrayList<>();
    topics.forEach((topic, options) -> pages.add(new BootPage(topic, options)));
    pages.add(new BootPage(RUN, List.of()));
    pages.add(new BootPage(SNAPSHOT, ofSnapshots == null ? List.of() : ofSnapshots));
    return pages;
  }

  /** The names of its fields. */
  List<String> names() {
    List<String> names = new ArrayList<>(options.stream().map(option -> option.description().name()).toList());
    List<RunField> own = switch (title) {
      case RUN -> List.of(RunField.CONSOLE, RunField.ON_PANIC, RunField.PROFILE, RunField.PROFILE_PERIOD, RunField.SYMBOLS);
      case SNAPSHOT -> List.of(RunField.SAVE, RunField.RECORD, RunField.REPLAY);
      default -> List.of();
    };
    own.forEach(field -> names.add(field.option()));
    return names;
  }

  /** Makes its controls. */
  void fill(BootForm form, BootFields fields) {
    options.forEach(option -> field(option, form, fields));
    switch (title) {
      case RUN -> {
        text(RunField.CONSOLE, "the board's, or a domain's name, or a node", fields);
        fields.choice(RunField.ON_PANIC.option(), RunField.ON_PANIC.label() + ":", List.of("", PanicWatch.STOP, PanicWatch.CONTINUE));
        fields.folder(RunField.PROFILE.option(), RunField.PROFILE.label() + ":", "a folder for where guest time went");
        text(RunField.PROFILE_PERIOD, ProfileRequest.PERIOD + " instructions of a CPU", fields);
        fields.lines(RunField.SYMBOLS.option(), RunField.SYMBOLS.label() + ":", "FILE[@OFFSET], beside\na Linux kernel's own", true);
      }
      case SNAPSHOT -> {
        fields.folder(RunField.SAVE.option(), RunField.SAVE.label() + ":", "a new folder");
        fields.file(RunField.RECORD.option(), RunField.RECORD.label() + ":", "a journal of all outside input", true);
        fields.file(RunField.REPLAY.option(), RunField.REPLAY.label() + ":", "from a journal; nothing can be typed", false);
      }
      default -> {
      }
    }
  }

  private static void text(RunField field, String hint, BootFields fields) {
    fields.text(field.option(), field.label() + ":", hint);
  }

  /** The field of an option, as its form asks for. */
  private static void field(LaunchOption option, BootForm form, BootFields fields) {
    OptionDescription described = option.description();
    String name = described.name();
    String label = described.label() + ":";
    String help = form.shown(described.help());
    List<String> candidates = option.candidates();
    switch (described.form()) {
      case FLAG -> fields.check(name, described.label());
      case CHOICE -> fields.choice(name, label, withNone(candidates));
      case FILE -> {
        if (described.repeats()) {
          fields.lines(name, label, described.value(), true);
        } else if (!candidates.isEmpty()) {
          fields.choiceOrFile(name, label, candidates);
        } else {
          fields.file(name, label, help, false);
        }
      }
      case FOLDER -> fields.folder(name, label, help);
      case TEXT -> {
        if (described.repeats()) {
          fields.lines(name, label, described.value().replace("][,", "]\n[,"), described.value().startsWith("FILE"));
        } else if (!candidates.isEmpty()) {
          fields.textOrChoice(name, label, withNone(candidates));
        } else {
          fields.text(name, label, help);
        }
      }
    }
    fields.explain(name, help);
  }

  private static List<String> withNone(List<String> names) {
    List<String> all = new ArrayList<>(names);
    all.addFirst("");
    return all;
  }
}
