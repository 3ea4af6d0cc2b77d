// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.SubCommand;
import org.xenolith.hostcode.kit.pages.TranslationFolder;

/** Offers {@code cache} to the command line. */
@Component
public final class CacheComponent implements SubCommand {
  @Override
  public Object command() {
    return new CacheCommand(TranslationFolder.ofProcess());
  }
}
