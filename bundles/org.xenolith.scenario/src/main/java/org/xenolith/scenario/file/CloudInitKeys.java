// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.launch.api.LaunchRequest;

/** What cloud-init in a scenario's guest is to do: the option of that name, of files beside the scenario or of those that it brings along. */
final class CloudInitKeys {
  /** The key, and the option. */
  static final String NAME = "cloud-init";
  private static final String USER_DATA = "user-data";
  private static final List<String> MORE = List.of("meta-data", "network-config");

  private CloudInitKeys() {}

  /**
   * Puts it into a request: a file with user data, or that and others by their names.
   *
   * @param brought the folder of files that are there once the scenario runs
   */
  static void use(Value value, OptionKeys options, Path brought, LaunchRequest.Builder request) {
    if (value.isText()) {
      file(value);
      options.use(NAME, value, value.path().toString(), !value.path().startsWith(brought), request);
      return;
    }
    Keys keys = new Keys(value).only(USER_DATA, MORE.get(0), MORE.get(1));
    List<Value> files = new ArrayList<>(List.of(keys.need(USER_DATA)));
    StringBuilder text = new StringBuilder(file(files.getFirst()));
    for (String name : MORE) {
      keys.get(name).ifPresent(one -> {
        files.add(one);
        text.append(',').append(name).append('=').append(file(one));
      });
    }
    options.use(NAME, value, text.toString(), files.stream().noneMatch(one -> one.path().startsWith(brought)), request);
  }

  /** The option's text is divided by commas. */
  private static String file(Value value) {
    String file = value.path().toString();
    if (file.contains(",")) {
      throw value.bad("'" + file + "': a file for cloud-init has no comma in its path; name it otherwise");
    }
    return file;
  }
}
