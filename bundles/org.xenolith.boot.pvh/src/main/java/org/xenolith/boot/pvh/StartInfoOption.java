// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.pvh.codec.StartInfo;

/** Which start_info a PVH kernel is given, for who writes one that has to cope with older ones. */
@Component(service = LaunchOption.class)
public final class StartInfoOption implements LaunchOption {
  static final String NAME = "start-info";
  private static final Map<String, StartInfo.Layout> LAYOUTS = new LinkedHashMap<>();

  static {
    LAYOUTS.put("1", StartInfo.Layout.VERSION_1);
    LAYOUTS.put("0", StartInfo.Layout.VERSION_0);
    LAYOUTS.put("draft", StartInfo.Layout.DRAFT);
  }

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.CHOICE, "Guest", 265).value("VERSION").words("start_info",
        "Which start_info a PVH kernel is given: 1 (the default), 0, which has no memory map, or draft, that of 2015 with fields of 32"
            + " bits. Linux needs 1.");
  }

  @Override
  public List<String> candidates() {
    return List.copyOf(LAYOUTS.keySet());
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    if (!LAYOUTS.containsKey(texts.getFirst())) {
      throw BadInput.at(NAME, texts.getFirst(), "expected " + String.join(", ", LAYOUTS.keySet()));
    }
    request.option(NAME, texts);
  }

  /** The layout that a request asks for. */
  static StartInfo.Layout of(BootRequest request) {
    return LAYOUTS.get(request.options().getOrDefault(NAME, List.of("1")).getFirst());
  }
}
