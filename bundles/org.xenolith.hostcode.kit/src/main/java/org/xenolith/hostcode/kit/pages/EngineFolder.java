// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/** Where the engines of a bundle keep code in this process. It is asked for when the first of them is made, since all that makes code is read for it. */
public final class EngineFolder {
  private final Bundle bundle;
  private boolean asked;
  private @Nullable TranslationFolder folder;

  /** @param bundle of the engines */
  public EngineFolder(Bundle bundle) {
    this.bundle = bundle;
  }

  /** The folder; null if nothing is kept. */
  public TranslationFolder get() {
    if (!asked) {
      asked = true;
      Path path = TranslationFolder.ofProcess();
      String translator = path == null ? null : TranslatorParts.of(bundle);
      folder = translator == null ? null : new TranslationFolder(path, translator);
    }
    return folder;
  }
}
