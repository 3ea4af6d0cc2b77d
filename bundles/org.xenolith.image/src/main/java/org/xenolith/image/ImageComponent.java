// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.command.api.SubCommand;
import org.xenolith.launch.api.Launcher;

/** Offers {@code image} to the command line. */
@Component
public final class ImageComponent implements SubCommand {
  @Reference
  private Launcher launcher;

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, fieldOption = FieldOption.REPLACE)
  private volatile List<ImageSource> sources = List.of();

  @Override
  public Object command() {
    return new ImageCommand(sources, new ImageCache(ImageCache.folder(System.getenv()), new ImageMachine(launcher)));
  }
}
