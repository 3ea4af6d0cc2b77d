// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of disk image with an operating system on it, which a machine makes: the source tells what the machine is to be started with, and
 * who asked for the image starts it. A consumer type: providers register an implementation as an OSGi service, the command line lists and
 * uses them.
 */
@ConsumerType
public interface ImageSource {
  /** The name on the command line, lower case, for example {@code debian}; also a part of file names. */
  String name();

  /** One line for a list of images. */
  String description();

  /** Whether what it takes to make one is at hand; never touches the network and takes milliseconds. */
  Availability availability();

  /**
   * What an image would be made of, without fetching anything.
   *
   * @throws BootException if such an image can't be: says what is wrong with the request
   */
  ImagePlan plan(ImageRequest request);

  /**
   * The same, asking the distribution what it has where the request names what isn't known here.
   *
   * @param progress hears what takes time
   */
  default ImagePlan plan(ImageRequest request, ProgressListener progress) {
    return plan(request);
  }

  /**
   * The same. What the distribution had when it was asked earlier, and is kept here, is used without asking again, unless the newest is wanted.
   *
   * @param newest   whether it is asked anew
   * @param progress hears what takes time
   */
  default ImagePlan plan(ImageRequest request, boolean newest, ProgressListener progress) {
    return plan(request, progress);
  }
}
