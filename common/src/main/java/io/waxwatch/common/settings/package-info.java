/**
 * The one place that reads the environment: {@link io.waxwatch.common.settings.SettingsCatalog} declares every setting,
 * {@link io.waxwatch.common.settings.Settings} is the checked snapshot that the rest of the program is handed.
 */
package io.waxwatch.common.settings;
