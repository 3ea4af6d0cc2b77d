// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.nio.file.Path;
import java.util.List;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** Lets the reader of what a snapshot knows of its boot be called. */
public final class SavedBoots {
  private SavedBoots() {}

  /** Writes it for a boot of a guest. */
  public static void write(Path folder, String guest, org.xenolith.launch.api.LaunchRequest request, Platform platform)
      throws java.io.IOException {
    SavedBoot.of(guest, request, platform, name -> true).write(folder, platform, java.util.Optional.empty());
  }

  /** The platform of a snapshot's folder. */
  public static Platform platform(Path folder) {
    Installed installed = new Installed(null, new PlatformLoaderComponent(null), List.of(), List.of(), List.of(), List.of(), List.of(), List
        .of(),
        new LaunchOptions(List.of()));
    return SavedBoot.read(folder).platform(installed, folder);
  }
}
