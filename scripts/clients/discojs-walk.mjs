// discojs at the sandbox; by path, since Node cannot load it by name (findings/discojs-import.sh).
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const { Discojs } = await import(pathToFileURL(join(process.cwd(), 'node_modules/discojs/dist/index.es.js')))
const client = new Discojs({ userToken: 'sandbox-token', userAgent: 'WaxWatchClients/1.0' })
const profile = await client.getProfile()
console.log('profile', profile.username, profile.num_wantlist, profile.num_lists)
const release = await client.getRelease(900000001)
console.log('release', release.title, 'artist', (await client.getArtist(release.artists[0].id)).name)
console.log('versions', (await client.getMasterVersions(800000001)).versions.length)
console.log('folders', (await client.listFolders()).folders.length)
console.log('wants on page 3', (await client.getWantlist({ page: 3, perPage: 100 })).wants.length)
console.log('lists', (await client.getLists()).lists.length, 'items', (await client.getListItems(880001)).items.length)
const found = await client.searchDatabase({ query: 'blue harbour', type: 'release' })
console.log('search', found.pagination.items, '(it sends query=, which nothing reads)')
await client.getRelease(1).catch((error) => console.log(error.constructor.name, error.statusCode))
