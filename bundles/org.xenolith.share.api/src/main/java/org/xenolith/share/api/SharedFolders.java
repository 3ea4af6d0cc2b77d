// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Serves folders of the host; a service. It is asked for by a launch only, never by a model, and not at all where a journal is replayed. */
@ProviderType
public interface SharedFolders {
  /**
   * Serves a folder to one device.
   *
   * @param readOnly whether nothing in it may be changed
   * @param machine  takes answers
   * @param messages hears what people should know, in sentences; any thread
   * @throws IOException if it is no folder, can't be read, or the host has no way to serve one; with the reason
   */
  FolderServer open(Path folder, boolean readOnly, FolderAnswers machine, Consumer<String> messages) throws IOException;
}
