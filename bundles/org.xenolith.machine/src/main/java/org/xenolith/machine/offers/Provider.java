// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

/**
 * The bundle behind a service.
 *
 * @param bundle  symbolic name
 * @param version its version
 * @param id      the service's number, which is never used again
 */
public record Provider(String bundle, String version, long id) {
  @Override
  public String toString() {
    return bundle + ' ' + version;
  }
}
