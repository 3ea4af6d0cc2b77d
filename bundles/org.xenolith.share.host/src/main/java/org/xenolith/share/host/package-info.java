// SPDX-License-Identifier: EPL-2.0
/** Folders of the host as machines' guests see them. */
package org.xenolith.share.host;
