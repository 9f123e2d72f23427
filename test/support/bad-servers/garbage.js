process.stdin.resume()
setInterval(() => process.stdout.write('Welcome to my server! {not json\n'.repeat(200)), 5)
