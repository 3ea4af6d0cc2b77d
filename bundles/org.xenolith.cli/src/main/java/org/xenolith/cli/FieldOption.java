// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options of commands that every start makes, without annotations: to read those, the JVM makes classes at run time, which takes a start a tenth of its time.
 */
final class FieldOption {
  private FieldOption() {}

  /** An option with a value, which is put into a field. @param type what the text is converted to; not a primitive */
  static <T> OptionSpec.Builder of(Class<T> type, Consumer<T> field, String... names) {
    return OptionSpec.builder(names).type(type).setter(setter(type, field));
  }

  /** An option without a value. */
  static OptionSpec.Builder flag(Consumer<Boolean> field, String... names) {
    return of(Boolean.class, field, names).arity("0");
  }

  /** What is said of the command itself, as all commands have it. */
  static void addHelp(CommandSpec command) {
    command.addOption(OptionSpec.builder("-h", "--help").usageHelp(true).arity("0").description("Show this help message and exit.")
        .build());
    command.addOption(OptionSpec.builder("-V", "--version").versionHelp(true).arity("0").description("Print version information and exit.")
        .build());
  }

  /** Puts what was converted into a field. */
  static <T> ISetter setter(Class<T> type, Consumer<T> field) {
    return new ISetter() {
      @Override
      public <V> V set(V value) {
        // The parser begins with null where there is no default: the field keeps what it has then.
        if (value != null) {
          field.accept(type.cast(value));
        }
        return null;
      }
    };
  }
}
