// SPDX-License-Identifier: EPL-2.0
/**
 * The headless product: {@link org.xenolith.launch.Launch} starts the framework with every bundle of one
 * folder, {@link org.xenolith.launch.Assemble} fills that folder in the build. Neither knows a bundle by name.
 */
package org.xenolith.launch;
